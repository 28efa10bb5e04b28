#include "service/load/run/arrival_queue.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <vector>

#include "service/load/plan/arrival_schedule.h"

using namespace ccbus::load;
using namespace std::chrono_literals;
using ccbus::SteadyTime;

namespace {

constexpr SteadyTime kStart{1h};

std::vector<SteadyTime> first_arrivals(std::uint64_t seed, std::size_t count) {
  ArrivalSchedule schedule(1'000, seed, kStart);
  std::vector<SteadyTime> arrivals;
  for (std::size_t i = 0; i < count; ++i) arrivals.push_back(schedule.take());
  return arrivals;
}

}  // namespace

TEST_CASE("arrivals keep the rate, and their gaps spread as a Poisson process's do", "[load]") {
  constexpr std::size_t kCount = 100'000;
  const auto arrivals = first_arrivals(3, kCount);
  const double seconds = std::chrono::duration<double>(arrivals.back() - kStart).count();
  CHECK(seconds == Approx(100).epsilon(0.01));

  // Exponential gaps: the deviation equals the mean, and 1/e of them are above the mean.
  double squares = 0;
  std::size_t above = 0;
  SteadyTime last = kStart;
  for (const SteadyTime arrival : arrivals) {
    REQUIRE(arrival >= last);
    const double gap = std::chrono::duration<double, std::milli>(arrival - last).count();
    squares += (gap - 1) * (gap - 1);
    above += gap > 1 ? 1 : 0;
    last = arrival;
  }
  CHECK(squares / kCount == Approx(1).epsilon(0.03));
  CHECK(static_cast<double>(above) / kCount == Approx(0.3679).epsilon(0.02));
}

TEST_CASE("a seed gives the same arrivals again, another one others", "[load]") {
  CHECK(first_arrivals(7, 50) == first_arrivals(7, 50));
  CHECK(first_arrivals(7, 50) != first_arrivals(8, 50));
}

TEST_CASE("an arrival that finds no room waits, and its lag counts from its own time", "[load]") {
  const Window window{kStart, kStart + 10s};
  ArrivalQueue queue(1, 1, kStart, window);
  const auto first = queue.next_deadline();
  REQUIRE(first);
  queue.collect(*first - 1ns);
  CHECK(queue.empty());
  queue.collect(*first);
  CHECK_FALSE(queue.empty());

  // It was not sent for 300 ms.
  CHECK(queue.take(*first + 300ms) == *first);
  CHECK(queue.empty());
  CHECK(queue.schedule().intended == 1);
  CHECK(queue.schedule().lag_max == 300ms);
}

TEST_CASE("what still waits when the time is over is told as unsent", "[load]") {
  const Window window{kStart, kStart + 100s};
  ArrivalQueue queue(1, 1, kStart, window);
  queue.collect(kStart + 50s);
  CHECK_FALSE(queue.take(window.until));
  queue.collect(window.until + 1h);
  const Schedule schedule = queue.schedule();
  CHECK(schedule.intended > 50);
  CHECK(schedule.unsent == schedule.intended);
  CHECK_FALSE(queue.next_deadline());
}

TEST_CASE("arrivals of the warm-up are sent and not counted", "[load]") {
  const Window window{kStart + 10s, kStart + 20s};
  ArrivalQueue queue(100, 1, kStart, window);
  queue.collect(kStart + 9s);
  REQUIRE(queue.take(kStart + 9s));
  CHECK(queue.schedule().intended == 0);
  CHECK(queue.schedule().unsent == 0);
  CHECK(queue.schedule().lag_max == 0ns);
}
