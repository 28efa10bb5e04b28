#include "service/bus/timer_fd.h"

#include <poll.h>

#include <catch2/catch.hpp>

namespace ccbus::bus {
namespace {

using namespace std::chrono_literals;

bool fires_within(const TimerFd& timer, std::chrono::milliseconds patience) {
  pollfd item{timer.descriptor(), POLLIN, 0};
  return poll(&item, 1, static_cast<int>(patience.count())) == 1;
}

TEST_CASE("the timer fires at the nearest of the deadlines it was given", "[bus]") {
  TimerFd timer;
  const auto start = std::chrono::steady_clock::now();
  timer.arm_by(start + 1h);
  timer.arm_by(start + 20ms);
  timer.arm_by(start + 2h);
  REQUIRE(fires_within(timer, 10s));
  CHECK(std::chrono::steady_clock::now() >= start + 20ms);
}

TEST_CASE("a deadline that has passed fires at once, and again only when armed again", "[bus]") {
  TimerFd timer;
  timer.arm_by(std::chrono::steady_clock::now() - 1s);
  REQUIRE(fires_within(timer, 10s));
  timer.acknowledge();
  CHECK_FALSE(fires_within(timer, 0ms));
  timer.arm_by(std::chrono::steady_clock::now());
  CHECK(fires_within(timer, 10s));
}

}  // namespace
}  // namespace ccbus::bus
