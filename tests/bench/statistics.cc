#include "tests/bench/statistics.h"

#include <algorithm>
#include <stdexcept>

namespace ccbus::bench {

Figures Measurement::figures() const {
  if (latencies_.empty()) throw std::logic_error("figures of nothing");
  std::vector<Clock::duration> sorted = latencies_;
  std::sort(sorted.begin(), sorted.end());
  const auto percentile_us = [&](double share) {
    const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5);
    return std::chrono::duration<double, std::micro>(sorted[at]).count();
  };
  const auto count = static_cast<double>(sorted.size());
  return {percentile_us(0.5), percentile_us(0.99),
          count / std::chrono::duration<double>(elapsed_).count(),
          std::chrono::duration<double, std::micro>(cpu_).count() / count};
}

double median(std::vector<double> values) {
  if (values.empty()) throw std::logic_error("a median of nothing");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace ccbus::bench
