#include "service/load/result/scenario_result.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ccbus::load;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

LoadResult some_result() {
  LoadResult result;
  result.plan.dealers = 3;
  result.totals = {5, 4, 1, 0, 0, {}, 0};
  return result;
}

LoadResult failed_result() {
  LoadResult result = some_result();
  result.totals.failures = {{"ABORTED", 1}};
  return result;
}

}  // namespace

TEST_CASE("a plan that was run alone is its result, with ok before it", "[load]") {
  const ScenarioResult alone{"", "", {{"invoke", some_result()}}};
  const auto written = to_json(alone);
  CHECK(written.at("ok") == true);
  CHECK(written.at("plan").at("dealers") == 3);
  CHECK_FALSE(written.contains("phases"));
  const auto back = scenario_result_from_json(json::parse(written.dump()));
  REQUIRE(back);
  CHECK(*back == alone);
}

TEST_CASE("a scenario's result survives the way to JSON and back", "[load]") {
  const ScenarioResult scenario{
      "burst", "how it comes back", {{"calm", some_result()}, {"after", failed_result()}}};
  const auto written = to_json(scenario);
  CHECK(written.at("ok") == false);
  CHECK(written.at("phases").at(0).at("ok") == true);
  CHECK(written.at("phases").at(1).at("ok") == false);
  const auto back = scenario_result_from_json(json::parse(written.dump()));
  REQUIRE(back);
  CHECK(*back == scenario);
}

TEST_CASE("JSON that is no scenario's result is refused by what is wrong", "[load]") {
  json written = to_json({"burst", "", {{"calm", some_result()}}});
  SECTION("a phase without its plan") {
    written["phases"][0].erase("plan");
    CHECK_THAT(scenario_result_from_json(written).error().message, Contains("plan"));
  }
  SECTION("a phase without a name") {
    written["phases"][0].erase("name");
    CHECK_THAT(scenario_result_from_json(written).error().message, Contains("name"));
  }
  SECTION("no phase at all") {
    written["phases"] = json::array();
    CHECK(scenario_result_from_json(written).error().message == "phases has none");
  }
  SECTION("a number") {
    CHECK_FALSE(scenario_result_from_json(5));
  }
}

TEST_CASE("a run is clean where nothing failed and all adds up; conflicts are answers", "[load]") {
  LoadResult result = some_result();
  CHECK(is_clean(result));
  SECTION("a failure") {
    result = failed_result();
  }
  SECTION("an unanswered one") {
    result.totals.unanswered = 1;
  }
  SECTION("a discrepancy") {
    result.discrepancies = {"one is missing"};
  }
  CHECK_FALSE(is_clean(result));
  CHECK_FALSE(is_clean({"x", "", {{"a", some_result()}, {"b", result}}}));
}
