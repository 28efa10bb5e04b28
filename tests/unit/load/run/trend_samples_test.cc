#include "service/load/run/trend_samples.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <ctime>

using namespace ccbus;
using namespace ccbus::load;
using namespace std::chrono_literals;

namespace {

// Uses several of the ticks in which /proc counts.
void use_processor() {
  timespec begun{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begun);
  for (timespec now = begun;
       (now.tv_sec - begun.tv_sec) * 1'000'000'000 + now.tv_nsec - begun.tv_nsec < 40'000'000;) {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  }
}

}  // namespace

TEST_CASE("the busiest threads of the last quarter are named, with their first quarter",
          "[load][issue-14]") {
  TrendSamples samples({getpid()});
  const SteadyTime start;
  samples.take(start);
  CHECK(samples.next() == start + 1s);
  for (int second = 1; second < 8; ++second) {
    use_processor();
    samples.take(samples.next());
  }
  Trend trend{.seconds = 2};
  samples.add_busiest(trend);
  REQUIRE_FALSE(trend.busiest.empty());
  CHECK_FALSE(trend.busiest.front().name.empty());
  CHECK(trend.busiest.front().first > 0);
  CHECK(trend.busiest.front().last > 0);
}

TEST_CASE("without a process, or in a short run, no thread is named", "[load][issue-14]") {
  TrendSamples nobody({});
  nobody.take(SteadyTime());
  CHECK(nobody.next() == SteadyTime::max());
  Trend trend{.seconds = 2};
  nobody.add_busiest(trend);
  CHECK(trend.busiest.empty());

  TrendSamples samples({getpid()});
  samples.take(SteadyTime());
  use_processor();
  samples.take(samples.next());
  Trend of_a_short_run;
  samples.add_busiest(of_a_short_run);
  CHECK(of_a_short_run.busiest.empty());
}
