#include "service/load/plan/scenario.h"

#include <catch2/catch.hpp>
#include <string>

using namespace ccbus::load;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

std::string complaint(const std::string& text) {
  const auto parsed = parse_scenario(text, "load.yaml");
  return parsed ? "" : parsed.error().message;
}

constexpr const char* kBurst = R"(
name: burst
shows: how waiting times come back
options:
  mode: invoke
  clients: 4
  warmup: 1s
  churn: 5
phases:
  - name: calm
    duration: 8s
    rate: 300
  - duration: 2s
    clients: 8
    in-flight: 3
  - name: others come and go
    mode: mixed
    dealers: 10
    duration: 30s
)";

}  // namespace

TEST_CASE("a phase has the common options, and its own win", "[load]") {
  const auto scenario = parse_scenario(kBurst, "burst.yaml");
  REQUIRE(scenario);
  CHECK(scenario->name == "burst");
  CHECK(scenario->shows == "how waiting times come back");
  REQUIRE(scenario->phases.size() == 3);

  const auto& calm = scenario->phases[0];
  CHECK(calm.name == "calm");
  CHECK(calm.plan.mode == Mode::kInvoke);
  CHECK(calm.plan.clients == 4);
  CHECK(calm.plan.warmup == 1s);
  CHECK(calm.plan.duration == 8s);
  CHECK(calm.plan.rate == 300);
  CHECK(calm.plan.in_flight == 250);  // The default of an open loop.
  CHECK(calm.plan.churn == 0);        // Does not apply to invokes.

  CHECK(scenario->phases[1].name == "phase 2");
  CHECK(scenario->phases[1].plan.clients == 8);
  CHECK(scenario->phases[1].plan.in_flight == 3);
  CHECK(scenario->phases[1].plan.rate == 0);

  CHECK(scenario->phases[2].plan.churn == 5);
  CHECK(scenario->plans().size() == 3);
}

TEST_CASE("a template may be called in place of the built-in chaincode", "[load]") {
  const auto scenario = parse_scenario(
      "name: mine\nphases:\n  - {mode: query, chaincode: basic, arguments: [ReadAsset, 'a{{n}}']}",
      "mine.yaml");
  REQUIRE(scenario);
  CHECK(scenario->phases[0].plan.arguments == std::vector<std::string>{"ReadAsset", "a{{n}}"});
  CHECK(scenario->phases[0].plan.chaincode == "basic");
}

TEST_CASE("what is wrong in a scenario is told with file and line", "[load]") {
  const std::string head = "name: x\n";
  CHECK(complaint("shows: nothing\nphases: [{}]") == "load.yaml:1: the scenario has no name");
  CHECK(complaint(head) == "load.yaml:1: phases takes a list of 1 to 100");
  CHECK(complaint(head + "phases: []") == "load.yaml:2: phases takes a list of 1 to 100");
  CHECK(complaint(head + "phase: [{}]") ==
        "load.yaml:2: phase is not known here; name, shows, options and phases are");
  CHECK_THAT(complaint(head + "phases:\n  - duration: 1s\n    dealer: 5\n"),
             Contains("load.yaml:4: dealer is no option; there are mode, arguments, dealers, "));
  CHECK(complaint(head + "phases:\n  - duration: soon\n") ==
        "load.yaml:3: duration: 'soon' is not a duration: a whole number and ms, s, m or h, as in "
        "30s");
  CHECK(complaint(head + "options:\n  dealers: 0\nphases: [{}]") ==
        "load.yaml:3: dealers is 0; it takes 1 to 60000");
  CHECK(complaint(head + "phases: [{mode: submit}]") ==
        "load.yaml:2: mode is 'submit'; it takes invoke, query, handler, connect or mixed");
  CHECK(complaint(head + "phases:\n  - rate: 5\n    churn: 5\n") ==
        "load.yaml:4: churn has no use in mode invoke");
  CHECK(complaint(head + "options:\n  churn: 5\nphases: [{}]") ==
        "load.yaml:3: churn has no use in the mode of any phase");
  CHECK(complaint(head + "phases:\n  - {}\n  - keys: 0\n    hot-keys: 1\n") ==
        "load.yaml:4: phase 2: --keys is 0, every access to a new key: --hot-keys and --range "
        "need keys");
  CHECK(complaint(head + "phases:\n  - {name: a}\n  - {name: a}\n") ==
        "load.yaml:4: two phases are named a");
  CHECK(complaint(head + "phases:\n  - rate: 5\n    rate: 6\n") ==
        "load.yaml:4: rate stands here twice");
  CHECK(complaint(head + "phases:\n  - rate: [5]\n") == "load.yaml:3: rate takes one value");
  CHECK_THAT(complaint(head + "phases: [{\n"), Contains("load.yaml:3: "));
  CHECK(complaint("just words") == "load.yaml:1: a scenario takes names and values");
}

TEST_CASE("a file that is not there is told by its name", "[load]") {
  const auto read = read_scenario("/nowhere/load.yaml");
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ccbus::ErrorCode::kInvalid);
  CHECK(read.error().message == "cannot read the scenario /nowhere/load.yaml");
}

TEST_CASE("a shortened scenario keeps the shares of its phases", "[load]") {
  const auto scenario = parse_scenario(kBurst, "burst.yaml");
  REQUIRE(scenario);
  const Scenario brief = shortened(*scenario, 4s);
  CHECK(brief.phases[0].plan.duration == 800ms);
  CHECK(brief.phases[0].plan.warmup == 100ms);
  CHECK(brief.phases[0].plan.rate == 300);
  CHECK(brief.phases[1].plan.duration == 200ms);
  CHECK(brief.phases[2].plan.duration == 3s);
  // The shortest duration of a plan.
  CHECK(shortened(*scenario, 1s).phases[1].plan.duration == 100ms);
  CHECK(shortened(*scenario, 1h).phases[2].plan.duration == 30s);
}
