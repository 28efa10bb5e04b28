#include "service/cli/bench/svg_chart.h"

#include <algorithm>
#include <cstddef>

#include "service/cli/terminal/figures.h"
#include "service/cli/terminal/markup.h"

namespace ccbus::cli {
namespace {

// In units of the view box, which the page stretches to its width.
constexpr double kWidth = 960;
constexpr double kHeight = 280;
constexpr double kLeft = 76;
constexpr double kRight = 926;
constexpr double kBottom = 246;
constexpr double kTopWithLegend = 42;
constexpr double kMarkRow = 15;

std::string number(double value) {
  std::string text = decimal(value, 1);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + number(value) + "\"";
}

std::string line(const std::string& style, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + style + "\"" + attribute("x1", x1) + attribute("y1", y1) +
         attribute("x2", x2) + attribute("y2", y2) + "/>\n";
}

std::string label(const std::string& style, double x, double y, const std::string& text) {
  return "<text class=\"" + style + "\"" + attribute("x", x) + attribute("y", y) + ">" +
         escaped(text) + "</text>\n";
}

// A rectangle with a title, which browsers show under the pointer.
std::string box(const std::string& style, double x, double y, double width, double height,
                const std::string& title) {
  return "<rect class=\"" + style + "\"" + attribute("x", x) + attribute("y", y) +
         attribute("width", std::max(0.0, width)) + attribute("height", std::max(0.0, height)) +
         (title.empty() ? "/>\n" : "><title>" + escaped(title) + "</title></rect>\n");
}

std::string begin(const std::string& title) {
  return "<svg class=\"chart\" viewBox=\"0 0 " + number(kWidth) + " " + number(kHeight) +
         "\" role=\"img\" aria-label=\"" + escaped(title) +
         "\" xmlns=\"http://www.w3.org/2000/svg\">\n";
}

std::string with_message(const std::string& title, const std::string& message) {
  return begin(title) + label("message", kWidth / 2, kHeight / 2, message) + "</svg>\n";
}

// The axes of a chart, and the coordinates of values on them.
struct Frame {
  const ChartAxis& across;
  const ChartAxis& up;
  double top;

  [[nodiscard]] double x(double value) const {
    return kLeft + across.place(value) * (kRight - kLeft);
  }
  [[nodiscard]] double y(double value) const { return kBottom - up.place(value) * (kBottom - top); }

  [[nodiscard]] std::string grid(const std::function<std::string(double)>& across_text,
                                 const std::function<std::string(double)>& up_text) const {
    std::string text;
    for (const double tick : up.ticks()) {
      text += line("grid", kLeft, y(tick), kRight, y(tick));
      text += label("tick up", kLeft - 8, y(tick) + 4, up_text(tick));
    }
    for (const double tick : across.ticks()) {
      text += line("tick", x(tick), kBottom, x(tick), kBottom + 4);
      text += label("tick across", x(tick), kBottom + 18, across_text(tick));
    }
    return text + line("axis", kLeft, kBottom, kRight, kBottom);
  }
};

std::string seconds_text(double seconds) {
  return number(seconds) + " s";
}

std::string legend(const std::vector<ChartLine>& lines) {
  std::string text;
  double x = kLeft;
  for (const ChartLine& one : lines) {
    text += box("swatch " + one.style, x, 6, 12, 12, "");
    text += label("legend", x + 18, 16, one.name);
    x += 40 + 7.2 * static_cast<double>(one.name.size());
  }
  return text;
}

std::string point(double x, double y) {
  return number(x) + " " + number(y);
}

// Consecutive steps without a gap between them form one path.
std::string path(const Frame& frame, const ChartLine& one) {
  const bool is_area = one.shape == ChartLine::Shape::kArea;
  std::string outline;
  std::string fill;
  const auto& steps = one.steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].value) continue;
    std::size_t end = i;
    while (end < steps.size() && steps[end].value) ++end;
    const double from = frame.x(steps[i].from);
    const double until = frame.x(steps[end - 1].until);
    std::string part = "M" + point(from, frame.y(*steps[i].value));
    for (std::size_t j = i; j < end; ++j) {
      const double y = frame.y(*steps[j].value);
      if (is_area) {
        part += "L" + point(frame.x(steps[j].from), y) + "L" + point(frame.x(steps[j].until), y);
      } else {
        part += "L" + point((frame.x(steps[j].from) + frame.x(steps[j].until)) / 2, y);
      }
    }
    if (!is_area) part += "L" + point(until, frame.y(*steps[end - 1].value));
    outline += part;
    fill += part + "L" + point(until, kBottom) + "L" + point(from, kBottom) + "Z";
    i = end;
  }
  if (outline.empty()) return "";
  std::string text;
  if (is_area) text += "<path class=\"area " + one.style + "\" d=\"" + fill + "\"/>\n";
  return text + "<path class=\"line " + one.style + "\" d=\"" + outline + "\"/>\n";
}

// Returns as much of a name as fits into `room`.
std::string fitting(const std::string& name, double room) {
  constexpr double kLetter = 7;
  auto size = static_cast<std::size_t>(std::max(0.0, room / kLetter - 1));
  if (name.size() <= size) return name;
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xc0) == 0x80) --size;
  return size < 2 ? "" : name.substr(0, size) + "…";
}

std::string parts_text(const Frame& frame, const std::vector<TimeChart::Part>& parts) {
  if (parts.size() < 2) return "";
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double from = frame.x(parts[i].from);
    const double until = frame.x(parts[i].until);
    if (i % 2 == 1) text += box("part", from, frame.top, until - from, kBottom - frame.top, "");
    if (i != 0) text += line("part", from, frame.top, from, kBottom);
    text += label("part", from + 4, frame.top - 5, fitting(parts[i].name, until - from));
  }
  return text;
}

// One invisible box for each step, whose title shows the values of all lines.
std::string tips(const Frame& frame, const TimeChart& chart) {
  std::string text;
  if (chart.lines.empty()) return text;
  for (std::size_t i = 0; i < chart.lines.front().steps.size(); ++i) {
    const ChartStep& step = chart.lines.front().steps[i];
    if (step.until <= step.from) continue;
    std::string tip = number(step.from) + " to " + seconds_text(step.until);
    for (const ChartLine& one : chart.lines) {
      if (i >= one.steps.size() || !one.steps[i].value) continue;
      tip += "\n" + one.name + ": " + chart.value_text(*one.steps[i].value);
    }
    const double from = frame.x(step.from);
    text += box("tip", from, frame.top, frame.x(step.until) - from, kBottom - frame.top, tip);
  }
  return text;
}

bool has_values(const std::vector<ChartLine>& lines) {
  return std::ranges::any_of(lines, [](const ChartLine& one) {
    return std::ranges::any_of(one.steps,
                               [](const ChartStep& step) { return step.value.has_value(); });
  });
}

}  // namespace

std::string time_chart(const TimeChart& chart) {
  if (!has_values(chart.lines)) return with_message(chart.title, chart.empty);
  const ChartAxis time = ChartAxis::until(chart.seconds);
  const Frame frame{time, chart.values, kTopWithLegend};
  std::string svg = begin(chart.title) + legend(chart.lines);
  svg += parts_text(frame, chart.parts) + frame.grid(seconds_text, chart.value_text);
  for (const ChartLine& one : chart.lines) svg += path(frame, one);
  return svg + tips(frame, chart) + "</svg>\n";
}

std::string count_chart(const CountChart& chart) {
  if (chart.bars.empty()) return with_message(chart.title, chart.empty);
  double most = 1;
  for (const CountChart::Bar& bar : chart.bars) most = std::max(most, bar.count);
  // The axis begins below 1, so that a bar for a single operation is visible.
  const ChartAxis counts = ChartAxis::logarithmic(0.6, most * 1.5);
  const ChartAxis sizes = ChartAxis::logarithmic(chart.bars.front().from, chart.bars.back().until);
  const double top = 8 + kMarkRow * static_cast<double>(chart.marks.size());
  const Frame frame{sizes, counts, top};
  std::string svg = begin(chart.title) + frame.grid(chart.value_text, rounded);
  for (const CountChart::Bar& bar : chart.bars) {
    const double x = frame.x(bar.from);
    const double y = frame.y(bar.count);
    svg += box("bar", x, y, frame.x(bar.until) - x - 0.6, kBottom - y,
               chart.value_text(bar.from) + " to " + chart.value_text(bar.until) + ": " +
                   rounded(bar.count));
  }
  for (std::size_t i = 0; i < chart.marks.size(); ++i) {
    const CountChart::Mark& mark = chart.marks[i];
    const double x = frame.x(mark.value);
    const double y = 12 + kMarkRow * static_cast<double>(i);
    svg += line("mark", x, y + 3, x, kBottom);
    // To the left of its line if there is no room to the right.
    const bool is_far = x > kRight - 110;
    svg += label(is_far ? "mark before" : "mark", is_far ? x - 4 : x + 4, y,
                 mark.name + "  " + chart.value_text(mark.value));
  }
  return svg + "</svg>\n";
}

}  // namespace ccbus::cli
