#include "tests/support/log_conformance.h"

#include <catch2/catch.hpp>
#include <memory>
#include <utility>

#include "service/ordering/log/embedded_log.h"
#include "tests/support/simulated_log.h"

using namespace ccbus;
using namespace ccbus::ordering;
using test::LogUnderTest;
using test::SimulatedLog;
using test::SimulatedTopic;

namespace {

LogUnderTest over(SimulatedTopic& topic) {
  return {true, [&topic](LogUnderTest::Applied applied) {
            return std::make_unique<SimulatedLog>(
                topic, SimulatedLog::Options{{{"ch"}, std::move(applied.generation)},
                                             applied.position,
                                             std::move(applied.hash)});
          }};
}

}  // namespace

TEST_CASE("the embedded log is a log", "[ordering][issue-18]") {
  test::check_conformance({false, [](const LogUnderTest::Applied& applied) {
                             return std::make_unique<EmbeddedLog>(applied.position);
                           }});
}

TEST_CASE("the simulated log is a log, whatever goes wrong in its topic", "[ordering][issue-18]") {
  using Faults = SimulatedTopic::Faults;
  SimulatedTopic topic(
      GENERATE(Faults{}, Faults{.lost = 40}, Faults{.doubled = 40}, Faults{.unanswered = 40}));
  test::check_conformance(over(topic));
}

TEST_CASE("replicas apply the same, each transaction once, whatever goes wrong in the topic",
          "[ordering][issue-18]") {
  using Faults = SimulatedTopic::Faults;
  const auto faults =
      GENERATE(Faults{}, Faults{.lost = 30}, Faults{.doubled = 30}, Faults{.unanswered = 30},
               Faults{.delayed = 50}, Faults{10, 10, 10, 30, 20});
  SimulatedTopic topic(faults, GENERATE(1u, 2u, 3u));
  test::check_replicas(over(topic));
}
