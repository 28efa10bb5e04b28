#include "service/load/plan/workload_plan.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>

using namespace ccbus::load;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

std::string complaint(const WorkloadPlan& plan) {
  const auto checked = validate(plan);
  return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("the plan that stands there is a good one, for every mode", "[load]") {
  WorkloadPlan plan;
  for (const Mode mode :
       {Mode::kInvoke, Mode::kQuery, Mode::kHandler, Mode::kConnect, Mode::kMixed}) {
    plan.mode = mode;
    CHECK(complaint(plan).empty());
    CHECK(parse_mode(to_string(mode)) == mode);
  }
  CHECK_FALSE(parse_mode("submit"));
}

TEST_CASE("a value out of range is refused with the flag, the value and the limit", "[load]") {
  WorkloadPlan plan;
  SECTION("no dealers") {
    plan.dealers = 0;
    CHECK(complaint(plan) == "--dealers is 0; it takes 1 to 60000");
  }
  SECTION("too large a payload") {
    plan.payload_bytes = 2'000'000;
    CHECK(complaint(plan) == "--payload-bytes is 2000000; it takes 0 to 1048576");
  }
  SECTION("a rate that is no number") {
    plan.rate = std::numeric_limits<double>::quiet_NaN();
    CHECK_THAT(complaint(plan), Contains("--rate"));
  }
  SECTION("too short") {
    plan.duration = 5ms;
    CHECK(complaint(plan) == "--duration is 5ms; it takes 100ms to 24h");
  }
  SECTION("a share above all") {
    plan.query_share = 1.5;
    CHECK(complaint(plan) == "--query-share is 1.5; it takes 0 to 1");
  }
}

TEST_CASE("what does not go together is refused", "[load]") {
  WorkloadPlan plan;
  SECTION("more requests than the service takes") {
    plan.clients = 500;
    plan.in_flight = 100;
    CHECK(complaint(plan) ==
          "--in-flight is 100, for 500 clients 50000 together; the limit is 10000");
  }
  SECTION("handler counts by dealer") {
    plan.mode = Mode::kHandler;
    plan.dealers = 1'000;
    CHECK_THAT(complaint(plan), Contains("for 1000 dealers 16000 together"));
  }
  SECTION("more processes than dealers") {
    plan.chaincode_processes = 2;
    CHECK_THAT(complaint(plan), Contains("--chaincode-processes is 2, more than the 1"));
  }
  SECTION("hot keys among no keys") {
    plan.keys = 0;
    plan.hot_keys = 1;
    CHECK_THAT(complaint(plan), Contains("--hot-keys and --range need keys"));
  }
  SECTION("a rate of messages") {
    plan.mode = Mode::kHandler;
    plan.rate = 100;
    CHECK_THAT(complaint(plan), Contains("--rate does not go with handler"));
  }
  SECTION("a chaincode of one's own in a mode that needs ours") {
    plan.mode = Mode::kConnect;
    plan.arguments = {"ReadAsset"};
    CHECK_THAT(complaint(plan), Contains("-c names a chaincode that is connected already"));
  }
  SECTION("churn where nothing is mixed") {
    plan.churn = 1;
    CHECK_THAT(complaint(plan), Contains("--churn goes with mixed, not with invoke"));
  }
}

TEST_CASE("the built-in chaincode is on the SDK where the SDK can make the load",
          "[load][issue-14]") {
  WorkloadPlan plan;
  plan.mode = GENERATE(Mode::kInvoke, Mode::kQuery, Mode::kMixed);
  plan.chaincode_processes = 2;
  plan.dealers = 32;
  CHECK(plan.uses_sdk());
  SECTION("not with more dealers than a process should have threads for") {
    plan.dealers = 33;
  }
  SECTION("not with a think time") {
    plan.think = 1ms;
  }
  SECTION("not if that is not wanted") {
    plan.sdk = "none";
  }
  SECTION("not if another chaincode is called") {
    plan.arguments = {"ReadAsset"};
  }
  SECTION("not with churn") {
    plan.mode = Mode::kMixed;
    plan.churn = 1;
  }
  SECTION("not for single messages") {
    plan.mode = GENERATE(Mode::kHandler, Mode::kConnect);
  }
  CHECK_FALSE(plan.uses_sdk());
}

TEST_CASE("an SDK that cannot make the load is refused with the reason", "[load][issue-14]") {
  WorkloadPlan plan;
  plan.sdk = "cpp";
  CHECK(complaint(plan).empty());
  SECTION("unknown") {
    plan.sdk = "rust";
    CHECK(complaint(plan) == "--sdk is 'rust'; it takes auto, cpp or none");
  }
  SECTION("too many dealers") {
    plan.dealers = 17;
    CHECK(complaint(plan) ==
          "--sdk cpp: --dealers is 17, more than 16 for each of --chaincode-processes");
  }
  SECTION("think") {
    plan.think = 1ms;
    CHECK_THAT(complaint(plan), Contains("--sdk cpp: --think"));
  }
  SECTION("another chaincode") {
    plan.arguments = {"ReadAsset"};
    CHECK_THAT(complaint(plan), Contains("-c names another one"));
  }
}

TEST_CASE("one channel keeps its name, several are numbered", "[load]") {
  WorkloadPlan plan;
  plan.channel = "ch";
  CHECK(plan.channel_ids() == std::vector<std::string>{"ch"});
  plan.channels = 3;
  CHECK(plan.channel_ids() == std::vector<std::string>{"ch-1", "ch-2", "ch-3"});
}
