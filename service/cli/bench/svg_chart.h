#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "service/cli/bench/chart_axis.h"

namespace ccbus::cli {

// Charts as SVG elements for a page, without scripts and fonts of their own. Colours come from the
// page's style sheet through class names, so that they follow its light and dark modes. Pure; the
// same input gives the same text.

// A part of a chart's width with one value; nullopt if there is no value.
struct ChartStep {
  double from;
  double until;
  std::optional<double> value;
};

struct ChartLine {
  enum class Shape {
    kArea,   // Steps, filled below.
    kCurve,  // From the middle of each step to the middle of the next.
  };

  std::string name;   // For the legend.
  std::string style;  // The class of its elements.
  Shape shape = Shape::kCurve;
  std::vector<ChartStep> steps;  // In order.
};

// Values over time, several of them on one scale.
struct TimeChart {
  std::string title;
  std::string empty;  // The text that is shown if there are no values.
  double seconds = 0;
  ChartAxis values = ChartAxis::linear(1);
  std::function<std::string(double)> value_text;
  std::vector<ChartLine> lines;

  // Named parts of the time, for example phases. Not shown if there are fewer than two.
  struct Part {
    std::string name;
    double from;
    double until;
  };
  std::vector<Part> parts;
};

[[nodiscard]] std::string time_chart(const TimeChart& chart);

// A histogram. Both scales are logarithmic: the sizes, since rare values may be far from the common
// ones, and the counts, so that a single one is visible beside a million.
struct CountChart {
  std::string title;
  std::string empty;
  std::function<std::string(double)> value_text;

  struct Bar {
    double from;  // Above 0.
    double until;
    double count;
  };
  std::vector<Bar> bars;  // In order.

  struct Mark {
    std::string name;
    double value;
  };
  std::vector<Mark> marks;  // In order.
};

[[nodiscard]] std::string count_chart(const CountChart& chart);

}  // namespace ccbus::cli
