#include "service/load/result/result_json.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

using namespace ccbus::load;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

// Every field has a different value, so that a forgotten one is noticed.
LoadResult some_result() {
  LoadResult result;
  result.version = "0.1.0";
  result.durability = "synced";
  result.started_unix_ms = 1'700'000'000'000;
  result.cores = 2;
  result.plan.mode = Mode::kMixed;
  result.plan.dealers = 3;
  result.plan.chaincode_processes = 2;
  result.plan.sdk = "cpp";
  result.plan.clients = 4;
  result.plan.in_flight = 5;
  result.plan.rate = 250.5;
  result.plan.duration = 7s;
  result.plan.warmup = 1500ms;
  result.plan.gets = 8;
  result.plan.puts = 9;
  result.plan.range = 10;
  result.plan.think = 53ms;
  result.plan.payload_bytes = 11;
  result.plan.keys = 12;
  result.plan.hot_keys = 6;
  result.plan.hot_share = 0.75;
  result.plan.query_share = 0.25;
  result.plan.churn = 13;
  result.plan.channels = 14;
  result.plan.channel = "ch";
  result.plan.chaincode = "basic";
  result.plan.arguments = {"ReadAsset", "{{key}}"};
  result.plan.seed = 15;
  result.was_interrupted = true;
  result.measured_seconds = 6.5;
  result.series = {{1, 16, 17, 18, 19us, 20us}, {0.5, 21, 22, 23, 24us, 25us}};
  result.measured = {26, 27, 28, 29, 30, {{"ABORTED", 31}}, 32};
  result.totals = {33, 34, 35, 36, 37, {{"ENDORSEMENT_POLICY_FAILURE", 38}}, 39};
  result.latency.record(40us);
  result.invoke_latency.record(41us);
  result.query_latency.record(42us);
  result.chaincode_round_trips.record(43us, 44);
  result.schedule = {45, 46, 47us, 48us, 49us};
  result.blocks = {50, 51, 52us};
  result.bytes_sent = 54;
  result.bytes_received = 55;
  result.setup_seconds = 5.6;
  result.drain_seconds = 5.7;
  result.service = {true, 1, 0.58, 59, 0.6, "a"};
  result.chaincode = {true, 2, 0.61, 62, 0.63, "b"};
  result.generator = {true, 3, 0.64, 65, 0.66, "c"};
  result.trend = {7.5, 70, 71, {{"committer", 0.72, 0.73}}};
  result.service_is_local = false;
  result.other_cores = 0.67;
  result.stolen_share = 0.68;
  result.failure_examples = {{"ABORTED", "why"}};
  result.findings = {"a finding"};
  result.discrepancies = {"a discrepancy"};
  return result;
}

}  // namespace

TEST_CASE("a result survives the way to JSON text and back, whole", "[load]") {
  const LoadResult result = some_result();
  const auto back = result_from_json(json::parse(to_json(result).dump()));
  REQUIRE(back);
  CHECK(*back == result);
}

TEST_CASE("a result of a version without the trend is read, for --compare", "[load][issue-14]") {
  json written = to_json(some_result());
  written.erase("trend");
  const auto back = result_from_json(written);
  REQUIRE(back);
  CHECK(back->trend == Trend());
}

TEST_CASE("the JSON has the figures that people ask for", "[load]") {
  const auto written = to_json(some_result());
  CHECK(written.at("throughput").get<double>() == Approx(27 / 6.5));
  CHECK(written.at("latency").at("p50_us") == 40.0);
  CHECK(written.at("blocks").at("transactions_per_block").get<double>() == Approx(51.0 / 50));
  CHECK(written.at("totals").at("failed") == 38);
}

TEST_CASE("JSON that is no result is refused by what is wrong with it", "[load]") {
  json written = to_json(some_result());
  SECTION("something is missing") {
    written.at("plan").erase("dealers");
    CHECK_THAT(result_from_json(written).error().message, Contains("dealers"));
  }
  SECTION("something is of another kind") {
    written["bytes_sent"] = "many";
    CHECK_THAT(result_from_json(written).error().message, Contains("type must be number"));
  }
  SECTION("an unknown mode") {
    written["plan"]["mode"] = "submit";
    CHECK_THAT(result_from_json(written).error().message, Contains("submit"));
  }
  SECTION("a bucket that does not exist") {
    written["latency"]["counts"] = {{99'999, 1}};
    CHECK_THAT(result_from_json(written).error().message, Contains("bucket"));
  }
  SECTION("not even an object") {
    CHECK_FALSE(result_from_json(json::array()));
  }
}
