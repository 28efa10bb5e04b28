#include "service/cli/bench/bench_csv.h"

#include <catch2/catch.hpp>

#include "tests/unit/cli/bench/bench_results.h"

using namespace ccbus::cli;
using namespace ccbus::test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

constexpr const char* kNames =
    "phase,second,seconds,succeeded,conflicts,failures,per_second,p50_us,p99_us,max_us,sent,"
    "service_cores,chaincode_cores,generator_cores\n";

TEST_CASE("each second is a row, and all of them are one", "[cli]") {
  const std::string csv = bench_csv(alone(three_seconds()));
  CHECK_THAT(csv, StartsWith(kNames));
  CHECK_THAT(csv, Contains("\ninvoke,0,1.000,1000,10,0,1000.000,900.000,4000.000,,,,,\n"));
  CHECK_THAT(csv, Contains("\ninvoke,2,0.500,600,0,0,1200.000,1000.000,6000.000,,,,,\n"));
  // The chaincode's cores are unknown, so empty and not 0. A bucket's upper edge is within 1 %.
  CHECK_THAT(csv, Contains("\ninvoke,total,2.500,2500,10,0,1000.000,90"));
  CHECK_THAT(csv, EndsWith(",60000.000,2520,1.000,,0.500\n"));
}

TEST_CASE("an empty run is a row of totals", "[cli]") {
  CHECK(bench_csv(alone({})) == kNames + std::string("invoke,total,0.000,0,0,0,0.000,,,,0,,,\n"));
}

TEST_CASE("a phase's name may hold what separates fields", "[cli]") {
  CHECK_THAT(bench_csv({"x", "", {{"a, \"b\"", {}}}}), Contains("\n\"a, \"\"b\"\"\",total,"));
}
