#include "service/cli/bench/chart_axis.h"

#include <algorithm>
#include <cmath>

namespace ccbus::cli {
namespace {

constexpr double kTicksWanted = 5;
constexpr double kDecadesWithSmallTicks = 3;
// Tolerance for rounding errors: 4.9999999 counts as 5.
constexpr double kTolerance = 1e-9;

// Returns the smallest of 1, 2 and 5 times a power of ten that is not below `step`.
double round_step(double step) {
  const double power = std::pow(10, std::floor(std::log10(step) + kTolerance));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (step <= factor * power * (1 + kTolerance)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

ChartAxis ChartAxis::linear(double max) {
  if (!std::isfinite(max) || max <= 0) max = 1;
  const double step = round_step(max / kTicksWanted);
  const double steps = std::ceil(max / step - kTolerance);
  ChartAxis axis(false, 0, steps * step);
  for (double i = 0; i <= steps; ++i) axis.ticks_.push_back(i * step);
  return axis;
}

ChartAxis ChartAxis::until(double max) {
  ChartAxis axis = linear(max);
  axis.end_ = std::isfinite(max) && max > 0 ? max : 1;
  std::erase_if(axis.ticks_, [&](double tick) { return tick > axis.end_ * (1 + kTolerance); });
  return axis;
}

ChartAxis ChartAxis::logarithmic(double min, double max) {
  if (!std::isfinite(min) || min <= 0) min = 1;
  if (!std::isfinite(max) || max <= min) max = min * 10;
  ChartAxis axis(true, min, max);
  const double first = std::floor(std::log10(min) + kTolerance);
  const double last = std::ceil(std::log10(max) - kTolerance);
  for (double exponent = first; exponent <= last; ++exponent) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor != 1 && last - first > kDecadesWithSmallTicks) continue;
      const double tick = factor * std::pow(10, exponent);
      if (tick >= min * (1 - kTolerance) && tick <= max * (1 + kTolerance))
        axis.ticks_.push_back(tick);
    }
  }
  return axis;
}

double ChartAxis::place(double value) const {
  if (is_logarithmic_) {
    if (value <= from_) return 0;
    return std::min(1.0, std::log(value / from_) / std::log(end_ / from_));
  }
  return std::clamp((value - from_) / (end_ - from_), 0.0, 1.0);
}

}  // namespace ccbus::cli
