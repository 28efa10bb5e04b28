#include "service/load/result/verdict.h"

#include <catch2/catch.hpp>
#include <chrono>

using namespace ccbus::load;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

LoadResult calm() {
  LoadResult result;
  result.cores = 8;
  result.measured_seconds = 10;
  result.generator = {true, 1, 0.3, 0, 0.25, "ccbus"};
  result.chaincode = {true, 1, 0.4, 0, 0.35, "ccbus"};
  result.service = {true, 1, 1.1, 0, 0.6, "ccbusd"};
  return result;
}

std::string findings(const LoadResult& result) {
  std::string all;
  for (const std::string& finding : find_bottlenecks(result)) all += finding + "\n";
  return all;
}

}  // namespace

TEST_CASE("a run that nothing bounded says how full its own side was", "[load]") {
  CHECK(findings(calm()) ==
        "Nothing was full: the generator's busiest thread ran 25 % of the time, the chaincode's "
        "35 %, the service's 60 %.\n");
  LoadResult elsewhere = calm();
  elsewhere.service.busiest_thread = 0;
  CHECK_THAT(findings(elsewhere), Contains("the service's is not known."));
}

TEST_CASE("a rate that fell is told, with what the service was busy with", "[load][issue-14]") {
  LoadResult result = calm();
  result.trend = {50, 11'200, 3'500, {{"ccbusd", 0.7, 0.84}, {"committer", 0.5, 0.8}}};
  CHECK_THAT(findings(result),
             Contains("The rate fell by 69 %: from 11200.0 a second in the first 50 s to 3500.0 in "
                      "the last. The service's threads, of a core, then and now: ccbusd 70 % and "
                      "84 %, committer 50 % and 80 %."));
  CHECK_THAT(findings(result), !Contains("Nothing was full"));
  SECTION("of a service whose threads are not known") {
    result.trend.busiest.clear();
    CHECK_THAT(findings(result), Contains("to 3500.0 in the last.\n"));
  }
  SECTION("not when it stayed about the same") {
    result.trend.last_per_second = 10'100;
    CHECK_THAT(findings(result), Contains("Nothing was full") && !Contains("fell"));
  }
  SECTION("not when the rate was asked for") {
    result.plan.rate = 5;
    CHECK_THAT(findings(result), !Contains("fell"));
  }
}

TEST_CASE("a service that became full in the course of the run is told", "[load][issue-14]") {
  LoadResult result = calm();
  result.trend = {50, 100, 99, {{"ccbusd", 0.6, 1.0}}};
  CHECK(findings(result) ==
        "The service became a bottleneck: its thread ccbusd ran 60 % of the time in the first 50 s "
        "and 100 % in the last.\n");
}

TEST_CASE("a side whose thread is fully used is named, with figures", "[load]") {
  LoadResult result = calm();
  SECTION("the generator itself") {
    result.generator.busiest_thread = 0.97;
    CHECK_THAT(findings(result), Contains("The load generator is a bottleneck: its busiest thread "
                                          "(ccbus) ran 97 % of the time, 0.30 cores"));
  }
  SECTION("the chaincode") {
    result.chaincode.busiest_thread = 0.85;
    CHECK_THAT(findings(result),
               Contains("The chaincode is a bottleneck") && Contains("--chaincode-processes"));
  }
  SECTION("the service") {
    result.service.busiest_thread = 0.9;
    CHECK_THAT(findings(result), Contains("The service is a bottleneck"));
  }
  SECTION("nobody, just below") {
    result.chaincode.busiest_thread = 0.84;
    CHECK_THAT(findings(result), Contains("Nothing was full"));
  }
}

TEST_CASE("a machine that is full is told, with who used it", "[load]") {
  LoadResult result = calm();
  result.cores = 2;
  result.other_cores = 0.1;
  CHECK_THAT(findings(result), Contains("The machine is full: of 2 cores the service used 1.10, "
                                        "the chaincode 0.40, the load generator 0.30 and "
                                        "everything else 0.10."));
  SECTION("a service elsewhere does not fill this one") {
    result.service_is_local = false;
    CHECK_THAT(findings(result), !Contains("The machine is full"));
  }
}

TEST_CASE("a machine that others use spoils the figures, and that is said", "[load]") {
  LoadResult result = calm();
  SECTION("processes of others") {
    result.other_cores = 1.5;
    CHECK_THAT(findings(result), Contains("not quiet: everything else on it used 1.50 cores"));
  }
  SECTION("other machines") {
    result.stolen_share = 0.12;
    CHECK_THAT(findings(result), Contains("other machines took 12 % of its time"));
  }
}

TEST_CASE("an open loop that fell behind its schedule says so", "[load]") {
  LoadResult result = calm();
  result.plan.rate = 100;
  result.plan.in_flight = 4;
  result.schedule.intended = 1'000;
  result.measured.succeeded = 1'000;
  SECTION("not when it kept it") {
    CHECK_THAT(findings(result), Contains("Nothing was full"));
  }
  SECTION("late sends") {
    result.schedule.lag_p99 = 30ms;
    result.schedule.lag_max = 90ms;
    CHECK_THAT(findings(result), Contains("sent 30.0 ms or more after") && Contains("90.0 ms"));
  }
  SECTION("arrivals that were never sent, and a rate that was not reached") {
    result.schedule.unsent = 300;
    result.measured.succeeded = 700;
    CHECK_THAT(findings(result), Contains("100.0 arrivals came each second, 70.0 were answered"));
    CHECK_THAT(findings(result), Contains("300 of 1000 arrivals were never sent: all of 4"));
  }
}
