#include "service/cli/bench/bench_comparison.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "tests/unit/cli/bench/bench_results.h"

using namespace ccbus::cli;
using namespace ccbus::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using ccbus::load::LoadResult;

namespace {

std::string compared(const LoadResult& older, const LoadResult& newer) {
  return format_comparisons(compare(alone(older), alone(newer)));
}

}  // namespace

TEST_CASE("two equal runs have no remarks and no change", "[cli]") {
  const auto comparisons = compare(alone(three_seconds()), alone(three_seconds()));
  REQUIRE(comparisons.size() == 1);
  CHECK(comparisons[0].remarks.empty());
  for (const ComparedFigure& figure : comparisons[0].figures) {
    INFO(figure.name);
    CHECK(change(figure) == "same");
  }
}

TEST_CASE("figures stand beside each other with their change", "[cli]") {
  LoadResult newer = three_seconds();
  newer.measured.succeeded = 3'000;
  newer.measured.mvcc_conflicts = 0;
  newer.totals.failures = {{"ABORTED", 4}};
  newer.service.cores = 0.6;
  const std::string text = compared(three_seconds(), newer);
  const auto row = [](const std::string& name, const std::string& cells) {
    return Contains("\n" + name + std::string(47 - name.size(), ' ') + cells + "\n");
  };
  CHECK_THAT(text, row("FIGURE", "OLDER     NEWER     CHANGE"));
  CHECK_THAT(text, row("succeeded each second", "1,000     1,200     +20.0 %"));
  CHECK_THAT(text, row("conflicts each second", "4         0         -100.0 %"));
  CHECK_THAT(text, row("failures", "0         4         was 0"));
  // 2.5 s of one core for 2,510 answers; then of 0.6 cores for 3,000.
  CHECK_THAT(text, row("processor time of the service for each", "996.0 us  500.0 us  -49.8 %"));
  CHECK_THAT(text, !Contains("of the chaincode"));  // Unknown.
}

TEST_CASE("what was not the same is told", "[cli]") {
  LoadResult newer = three_seconds();
  newer.plan.dealers = 100;
  newer.plan.think = 5ms;
  newer.durability = "none";
  const std::string text = compared(three_seconds(), newer);
  CHECK_THAT(text, Contains("\nThe plans differ: dealers 1 -> 100, think 0ms -> 5ms.\n"));
  CHECK_THAT(text, Contains("\nWhat they ran on differs: durability synced -> none.\n"));
}

TEST_CASE("a run that its generator bounded, or that was ended early, is told of", "[cli]") {
  LoadResult busy = three_seconds();
  busy.generator.busiest_thread = 0.97;
  LoadResult late = three_seconds();
  late.plan.rate = 100;
  late.schedule.lag_p99 = 50ms;
  late.was_interrupted = true;
  const std::string text = compared(busy, late);
  CHECK_THAT(text, Contains("The load generator was a bottleneck of the older run"));
  CHECK_THAT(text, Contains("The load generator was a bottleneck of the newer run"));
  CHECK_THAT(text, Contains("The newer run was ended early."));
}

TEST_CASE("phases are compared by their names", "[cli]") {
  const LoadResult result = three_seconds();
  const auto comparisons =
      compare({"x", "", {{"a", result}, {"b", result}}}, {"x", "", {{"c", result}, {"b", result}}});
  REQUIRE(comparisons.size() == 3);
  CHECK(comparisons[0].phase == "c");
  CHECK(comparisons[0].remarks == std::vector<std::string>{"It stands in the newer result only."});
  CHECK(comparisons[1].phase == "b");
  CHECK_FALSE(comparisons[1].figures.empty());
  CHECK(comparisons[2].remarks == std::vector<std::string>{"It stands in the older result only."});
  CHECK_THAT(format_comparisons(comparisons), Contains("compared with the older run, phase b\n"));
}

TEST_CASE("an empty run can be compared", "[cli]") {
  CHECK_THAT(compared({}, three_seconds()), Contains("was 0"));
}

TEST_CASE("a comparison is JSON, too", "[cli]") {
  LoadResult newer = three_seconds();
  newer.measured.succeeded = 3'000;
  const auto json = comparison_json(compare(alone(three_seconds()), alone(newer)));
  CHECK(json.at(0).at("figures").at(0).at("name") == "succeeded each second");
  CHECK(json.at(0).at("figures").at(0).at("older") == 1'000);
  CHECK(json.at(0).at("figures").at(0).at("newer") == 1'200);
  CHECK(json.at(0).at("figures").at(0).at("unit") == "1/s");
}
