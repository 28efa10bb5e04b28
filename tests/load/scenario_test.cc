// The scenarios of this folder, shortened, each on a service of its own. The assertions hold on any
// machine and at any speed: no operation is lost, the counts add up, and conflicts occur only where
// they are expected.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/checkout.h"
#include "tests/support/process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto kPatience = 120s;

std::uint64_t count(const Json& totals, const char* name) {
  return totals.at(name).get<std::uint64_t>();
}

void check_sound(const Json& phase) {
  INFO(phase.at("name").dump() << ": " << phase.at("totals").dump() << " "
                               << phase.at("failure_examples").dump() << " "
                               << phase.at("discrepancies").dump());
  CHECK(phase.at("ok") == true);
  CHECK(phase.at("was_interrupted") == false);
  const Json& totals = phase.at("totals");
  CHECK(count(totals, "succeeded") > 0);
  CHECK(count(totals, "failed") == 0);
  CHECK(count(totals, "unanswered") == 0);
  CHECK(count(totals, "sent") == count(totals, "succeeded") + count(totals, "mvcc_conflicts") +
                                     count(totals, "phantom_conflicts") +
                                     count(totals, "aborted_by_churn"));
  CHECK(phase.at("discrepancies").empty());
}

// Returns the results of the phases.
Json run_short(const std::string& name, std::size_t phases) {
  Process process({test::built_program("ccbus"), "bench", "run",
                   test::source_path("tests/load/") + name + ".yaml", "--embedded", "--short",
                   "--json"});
  const Json result = Json::parse(process.read_line(kPatience));
  CHECK(process.wait(kPatience) == 0);
  CHECK(result.at("ok") == true);
  CHECK(result.at("scenario") == name);
  REQUIRE(result.at("phases").size() == phases);
  for (const Json& phase : result.at("phases")) check_sound(phase);
  return result.at("phases");
}

std::uint64_t conflicts(const Json& phase) {
  return count(phase.at("totals"), "mvcc_conflicts") +
         count(phase.at("totals"), "phantom_conflicts");
}

void check_without_conflicts(const Json& phases) {
  for (const Json& phase : phases) {
    INFO(phase.at("name").dump());
    CHECK(conflicts(phase) == 0);
    CHECK(count(phase.at("totals"), "aborted_by_churn") == 0);
  }
}

}  // namespace

TEST_CASE("steady: what comes at a rate is answered", "[load]") {
  check_without_conflicts(run_short("steady", 3));
}

TEST_CASE("ramp: every step sends more than the one before it, and all is answered", "[load]") {
  const Json phases = run_short("ramp", 5);
  check_without_conflicts(phases);
  // Poisson arrivals with rates that double from 75 on, so the order of their numbers is certain.
  for (std::size_t i = 1; i < phases.size(); ++i) {
    CHECK(count(phases[i].at("schedule"), "intended") >
          count(phases[i - 1].at("schedule"), "intended"));
  }
}

TEST_CASE("burst: nothing of a burst is lost, nor of what follows it", "[load]") {
  const Json phases = run_short("burst", 3);
  check_without_conflicts(phases);
  CHECK(count(phases[1].at("schedule"), "intended") > count(phases[2].at("schedule"), "intended"));
}

TEST_CASE("churn: dealers that come and go take no other transaction with them", "[load]") {
  const Json phases = run_short("churn", 2);
  CHECK(conflicts(phases[0]) == 0);
  CHECK(phases[1].at("plan").at("mode") == "connect");
}

TEST_CASE("contention: hot keys give conflicts, and the ledger counts the same", "[load]") {
  const Json phases = run_short("contention", 4);
  CHECK(conflicts(phases[1]) > 0);
  CHECK(conflicts(phases[2]) > 0);
}

TEST_CASE("big values: a megabyte commits as a hundred bytes do", "[load]") {
  const Json phases = run_short("big_values", 4);
  check_without_conflicts(phases);
  const Json& last = phases.back();
  // Each value crossed the wire at least twice.
  CHECK(count(last, "bytes_sent") > count(last.at("measured"), "succeeded") *
                                        last.at("plan").at("payload_bytes").get<std::uint64_t>());
}

TEST_CASE("slow chaincode: a transaction takes as long as its chaincode thinks", "[load]") {
  const Json phases = run_short("slow_chaincode", 3);
  check_without_conflicts(phases);
  for (const Json& phase : phases) {
    CHECK(phase.at("latency").at("min_us").get<double>() >=
          phase.at("plan").at("think_ms").get<double>() * 1'000);
  }
}

TEST_CASE("many channels: each has its blocks", "[load]") {
  const Json phases = run_short("many_channels", 3);
  check_without_conflicts(phases);
  CHECK(count(phases.back().at("blocks"), "blocks") >= 16);
}

}  // namespace ccbus::test
