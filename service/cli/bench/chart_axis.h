#pragma once

#include <vector>

namespace ccbus::cli {

// One axis of a chart: the position of a value on it, and the values of its ticks.
class ChartAxis {
 public:
  // From 0 to the next round number at or above `max`, with a few round numbers as ticks.
  [[nodiscard]] static ChartAxis linear(double max);

  // The same, but it ends exactly at `max`; for an axis of time.
  [[nodiscard]] static ChartAxis until(double max);

  // A logarithmic axis from `min` to `max`, both above 0. Ticks are 1, 2 and 5 times each power of
  // ten, or only the powers if there are many. The ends are not rounded.
  [[nodiscard]] static ChartAxis logarithmic(double min, double max);

  // Returns the position of a value: 0 at the beginning of the axis, 1 at its end. Values outside
  // are placed at the nearer end.
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
