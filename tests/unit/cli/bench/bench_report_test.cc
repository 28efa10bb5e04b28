#include "service/cli/bench/bench_report.h"

#include <catch2/catch.hpp>
#include <chrono>

using namespace ccbus::cli;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using ccbus::load::LoadResult;
using ccbus::load::Mode;

namespace {

LoadResult measured() {
  LoadResult result;
  result.version = "0.1.0";
  result.durability = "synced";
  result.plan.dealers = 1'000;
  result.measured_seconds = 10;
  result.measured = {123'470, 123'456, 7, 0, 0, {}, 0};
  result.totals = {150'010, 150'000, 8, 1, 0, {{"UNAVAILABLE", 1}}, 0};
  result.failure_examples = {{"UNAVAILABLE", "the channel is gone"}};
  result.latency.record(900us, 98);
  result.latency.record(4ms, 2);
  result.blocks = {100, 5'000, 200ms};
  result.bytes_sent = 2'500'000;
  result.service = {true, 1, 1.25, 70'000'000, 0.875, "ZMQbg/IO/0"};
  result.generator = {true, 1, 0.5, 12'000'000, 0.45, "ccbus"};
  result.findings = {"Nothing was full."};
  return result;
}

}  // namespace

TEST_CASE("a result reads from what was asked for to what came of it", "[cli]") {
  const std::string text = format_bench(measured());
  CHECK_THAT(text, Contains("bench invoke, ccbusd 0.1.0, durability synced: 1,000 dealers "
                            "without an SDK, 1 clients, 16 in flight, closed loop, 10.0 s\n"));
  LoadResult of_an_sdk = measured();
  of_an_sdk.plan.dealers = 1;
  CHECK_THAT(format_bench(of_an_sdk), Contains("1 dealers on the C++ SDK, 1 clients"));
  CHECK_THAT(text, Contains("throughput    12,346 invokes each second, 1 conflicts"));
  CHECK_THAT(text, Contains("blocks        100, 50.0 transactions each, 2.00 ms to validate, "
                            "write and sync\n"));
  CHECK_THAT(text, Contains("150,010 sent = 150,000 committed or answered + 8 MVCC conflicts + "
                            "1 phantom conflicts + 1 failures + 0 unanswered\n"
                            "  UNAVAILABLE 1: the channel is gone\n"));
  CHECK_THAT(text, Contains("service         1          1.25   87.5 % (ZMQbg/IO/0)  70.0 MB"));
  CHECK_THAT(text, Contains("Nothing was full."));
}

TEST_CASE("a side that does not tell is left out, and an open loop tells its schedule", "[cli]") {
  LoadResult result = measured();
  CHECK_THAT(format_bench(result), !Contains("\nchaincode "));
  CHECK_THAT(format_bench(result), !Contains("asked"));
  result.plan.rate = 12'500;
  result.schedule = {125'000, 1'530, 40us, 2ms, 3ms};
  CHECK_THAT(format_bench(result),
             Contains("asked         12,500/s arrived, 12,346/s answered, 1,530 never sent; sent "
                      "after 40.0 us (p50), 2.00 ms (p99)"));
}

TEST_CASE("a scenario shows each phase, and all of them in one table", "[cli]") {
  LoadResult open = measured();
  open.plan.rate = 300;
  const std::string text =
      format_bench({"burst", "how it comes back", {{"calm", measured()}, {"after", open}}});
  CHECK_THAT(text, Contains("== calm\nbench invoke, ccbusd 0.1.0"));
  CHECK_THAT(text, Contains("== burst: how it comes back\nPHASE  MODE    ASKED  EACH SECOND"));
  CHECK_THAT(text, Contains("\nafter  invoke  300    12,346"));
}

TEST_CASE("failures, unanswered requests and wrong counts make the exit code; conflicts do not",
          "[cli]") {
  LoadResult result;
  result.totals = {10, 5, 4, 1, 0, {}, 0};
  CHECK(bench_exit_code({"", "", {{"invoke", result}}}) == kSuccess);
  SECTION("a failure") {
    result.totals.failures = {{"ABORTED", 1}};
  }
  SECTION("an unanswered one") {
    result.totals.unanswered = 1;
  }
  SECTION("a discrepancy") {
    result.discrepancies = {"valid transactions: 4 by the ledger, 5 here"};
  }
  CHECK(bench_exit_code({"", "", {{"invoke", result}}}) == kRefused);
  CHECK(bench_exit_code({"x", "", {{"good", {}}, {"bad", result}}}) == kRefused);
}

TEST_CASE("the line of a run under way shows its phase and, measuring, its figures", "[cli]") {
  ccbus::load::Progress progress;
  progress.phase = ccbus::load::Phase::kRegistering;
  progress.done = 500;
  progress.total = 1'000;
  CHECK(format_bench_progress(progress) ==
        "[###############---------------] dealers registered 500 of 1,000");
  progress.phase = ccbus::load::Phase::kMeasuring;
  progress.per_second = 1'234.4;
  progress.p50 = 900us;
  progress.p99 = 2ms;
  progress.conflicts = 3;
  CHECK(format_bench_progress(progress) ==
        "[###############---------------] measuring  1,234/s  p50 900.0 us  p99 2.00 ms  "
        "conflicts 3");
}
