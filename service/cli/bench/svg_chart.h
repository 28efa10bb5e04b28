#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "service/cli/bench/chart_axis.h"

namespace ccbus::cli {

// Charts as SVG elements for a page: no script, no font of their own. Colours come from the page's
// style sheet by class names, so that they follow its light and dark. Pure; the same input gives
// the same text.

// A stretch of a chart's width with one value; nothing where there was none.
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
  std::string empty;  // What stands there where there is nothing to show.
  double seconds = 0;
  ChartAxis values = ChartAxis::linear(1);
  std::function<std::string(double)> value_text;
  std::vector<ChartLine> lines;

  // Parts of the time that have a name. Fewer than two are not shown.
  struct Part {
    std::string name;
    double from;
    double until;
  };
  std::vector<Part> parts;
};

[[nodiscard]] std::string time_chart(const TimeChart& chart);

// How many there were of each size. Both scales are logarithmic: the sizes, since what is rare is
// far away, and the counts, so that a single one shows beside a million.
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
