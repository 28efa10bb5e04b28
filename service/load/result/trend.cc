#include "service/load/result/trend.h"

#include <cstddef>
#include <span>

#include "service/load/result/load_result.h"

namespace ccbus::load {
namespace {

// A quarter of fewer seconds says more about single blocks than about the service.
constexpr std::size_t kQuarterMin = 3;

double seconds_of(std::span<const SeriesEntry> part) {
  double sum = 0;
  for (const SeriesEntry& entry : part) sum += entry.seconds;
  return sum;
}

double per_second(std::span<const SeriesEntry> part) {
  double answered = 0;
  for (const SeriesEntry& entry : part) {
    answered += static_cast<double>(entry.completed + entry.conflicts);
  }
  return answered / seconds_of(part);
}

}  // namespace

Trend trend_of(const std::vector<SeriesEntry>& series) {
  const std::size_t quarter = series.size() / 4;
  if (quarter < kQuarterMin) return {};
  const std::span<const SeriesEntry> all(series);
  return {.seconds = seconds_of(all.first(quarter)),
          .first_per_second = per_second(all.first(quarter)),
          .last_per_second = per_second(all.last(quarter))};
}

}  // namespace ccbus::load
