#pragma once

#include <vector>

namespace ccbus::cli {

// One axis of a chart: where a value stands on it, and which values are written beside it.
class ChartAxis {
 public:
  // From 0 to a round number at or above `max`; a few round numbers are ticks.
  [[nodiscard]] static ChartAxis linear(double max);

  // The same, but it ends at `max`, round or not, as time does.
  [[nodiscard]] static ChartAxis until(double max);

  // From `min` to `max`, both above 0, in equal steps for equal ratios. Ticks are 1, 2 and 5 of
  // each power of ten, or only the powers where there are many; nothing is rounded away at either
  // end.
  [[nodiscard]] static ChartAxis logarithmic(double min, double max);

  // 0 at its beginning, 1 at its end; what is outside stands at the nearer one.
  [[nodiscard]] double place(double value) const;

  [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }

 private:
  ChartAxis(bool is_logarithmic, double from, double end)
      : is_logarithmic_(is_logarithmic), from_(from), end_(end) {}

  bool is_logarithmic_;
  double from_;
  double end_;
  std::vector<double> ticks_;
};

}  // namespace ccbus::cli
