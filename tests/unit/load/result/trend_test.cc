#include "service/load/result/trend.h"

#include <catch2/catch.hpp>

#include "service/load/result/load_result.h"

using namespace ccbus::load;

namespace {

std::vector<SeriesEntry> seconds_with(const std::vector<std::uint64_t>& completed) {
  std::vector<SeriesEntry> series;
  for (const std::uint64_t count : completed) series.push_back({.completed = count});
  return series;
}

}  // namespace

TEST_CASE("the first quarter of a run is compared with the last", "[load][issue-14]") {
  const Trend trend = trend_of(seconds_with({100, 110, 120, 5, 5, 5, 5, 5, 5, 5, 30, 40, 50}));
  CHECK(trend.seconds == 3);
  CHECK(trend.first_per_second == Approx(110));
  CHECK(trend.last_per_second == Approx(40));
}

TEST_CASE("conflicts are answers too, and a short last second counts as what it is",
          "[load][issue-14]") {
  auto series = seconds_with({100, 100, 100, 1, 1, 1, 1, 1, 1, 0, 0, 0});
  for (std::size_t i = 9; i < 12; ++i) series[i].conflicts = 80;
  series.back() = {.seconds = 0.5, .conflicts = 40};
  const Trend trend = trend_of(series);
  CHECK(trend.last_per_second == Approx(80));
}

TEST_CASE("a short run has no trend", "[load][issue-14]") {
  CHECK(trend_of(seconds_with({100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})) == Trend());
  CHECK(trend_of({}) == Trend());
}
