#include "service/cli/bench/bench_charts.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <vector>

#include "service/cli/bench/svg_chart.h"
#include "service/cli/terminal/figures.h"

namespace ccbus::cli {
namespace {

using load::LatencyHistogram;
using load::PhaseResult;
using load::ScenarioResult;
using load::SeriesEntry;

constexpr std::size_t kStepsMax = 600;
constexpr double kLinearSpread = 50;
constexpr double kBarsPerDecade = 24;
constexpr const char* kNothing = "Nothing was measured.";

// Consecutive seconds of one phase, shown as one step of a chart.
struct Group {
  double from;
  double until;
  std::vector<SeriesEntry> entries;

  [[nodiscard]] double seconds() const { return until - from; }
};

std::vector<Group> groups_of(const ScenarioResult& result) {
  std::size_t all = 0;
  for (const PhaseResult& phase : result.phases) all += phase.result.series.size();
  const std::size_t size = (all + kStepsMax - 1) / kStepsMax;
  std::vector<Group> groups;
  double now = 0;
  for (const PhaseResult& phase : result.phases) {
    const auto& series = phase.result.series;
    // An empty group of no width, so that no line connects two phases.
    if (!groups.empty()) groups.push_back({now, now, {}});
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (i % size == 0) groups.push_back({now, now, {}});
      now += series[i].seconds;
      groups.back().until = now;
      groups.back().entries.push_back(series[i]);
    }
  }
  return groups;
}

std::vector<TimeChart::Part> parts_of(const ScenarioResult& result) {
  std::vector<TimeChart::Part> parts;
  double now = 0;
  for (const PhaseResult& phase : result.phases) {
    const double from = now;
    for (const SeriesEntry& entry : phase.result.series) now += entry.seconds;
    parts.push_back({phase.name, from, now});
  }
  return parts;
}

using ValueOf = std::function<std::optional<double>(const Group&)>;

ChartLine line_of(const char* name, const char* style, ChartLine::Shape shape,
                  const std::vector<Group>& groups, const ValueOf& value_of) {
  ChartLine line{name, style, shape, {}};
  for (const Group& group : groups) {
    line.steps.push_back({group.from, group.until, value_of(group)});
  }
  return line;
}

ValueOf rate_of(std::uint64_t SeriesEntry::*count) {
  return [count](const Group& group) -> std::optional<double> {
    if (group.seconds() <= 0) return std::nullopt;
    std::uint64_t sum = 0;
    for (const SeriesEntry& entry : group.entries) sum += entry.*count;
    return static_cast<double>(sum) / group.seconds();
  };
}

// Returns the latencies of a group's seconds; seconds in which no operation ended have none.
std::vector<double> latencies(const Group& group, LatencyHistogram::Nanoseconds SeriesEntry::*of) {
  std::vector<double> values;
  for (const SeriesEntry& entry : group.entries) {
    if ((entry.*of).count() != 0) values.push_back(static_cast<double>((entry.*of).count()));
  }
  return values;
}

std::optional<double> middle_p50(const Group& group) {
  std::vector<double> values = latencies(group, &SeriesEntry::p50);
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

std::optional<double> highest_p99(const Group& group) {
  const std::vector<double> values = latencies(group, &SeriesEntry::p99);
  if (values.empty()) return std::nullopt;
  return std::ranges::max(values);
}

std::vector<double> values_of(const std::vector<ChartLine>& lines) {
  std::vector<double> values;
  for (const ChartLine& line : lines) {
    for (const ChartStep& step : line.steps) {
      if (step.value) values.push_back(*step.value);
    }
  }
  return values;
}

std::string duration_text(double ns) {
  return brief_duration(std::chrono::nanoseconds(std::llround(ns)));
}

TimeChart chart_of(const char* title, const ScenarioResult& result,
                   const std::vector<Group>& groups) {
  TimeChart chart;
  chart.title = title;
  chart.empty = kNothing;
  chart.seconds = groups.empty() ? 0 : groups.back().until;
  chart.parts = parts_of(result);
  return chart;
}

}  // namespace

std::string throughput_chart(const ScenarioResult& result) {
  const std::vector<Group> groups = groups_of(result);
  TimeChart chart = chart_of("Operations each second, over time", result, groups);
  chart.value_text = rounded;
  chart.lines = {line_of("succeeded", "good", ChartLine::Shape::kArea, groups,
                         rate_of(&SeriesEntry::completed))};
  const auto add_if_any = [&](const char* name, const char* style,
                              std::uint64_t SeriesEntry::*count) {
    ChartLine line = line_of(name, style, ChartLine::Shape::kCurve, groups, rate_of(count));
    const bool is_any = std::ranges::any_of(
        line.steps, [](const ChartStep& step) { return step.value.value_or(0) > 0; });
    if (is_any) chart.lines.push_back(std::move(line));
  };
  add_if_any("conflicts", "warn", &SeriesEntry::conflicts);
  add_if_any("failures", "bad", &SeriesEntry::failures);
  const std::vector<double> values = values_of(chart.lines);
  chart.values = ChartAxis::linear(values.empty() ? 0 : std::ranges::max(values));
  return time_chart(chart);
}

std::string latency_chart(const ScenarioResult& result) {
  const std::vector<Group> groups = groups_of(result);
  TimeChart chart = chart_of("Latency, over time", result, groups);
  chart.value_text = duration_text;
  chart.lines = {line_of("p99", "high", ChartLine::Shape::kCurve, groups, highest_p99),
                 line_of("p50", "good", ChartLine::Shape::kCurve, groups, middle_p50)};
  const std::vector<double> values = values_of(chart.lines);
  if (!values.empty()) {
    const auto [least, most] = std::ranges::minmax(values);
    chart.values = most > least * kLinearSpread ? ChartAxis::logarithmic(least / 1.5, most * 1.2)
                                                : ChartAxis::linear(most * 1.05);
  }
  return time_chart(chart);
}

std::string histogram_chart(const LatencyHistogram& latency) {
  CountChart chart;
  chart.title = "How many operations took how long";
  chart.empty = kNothing;
  chart.value_text = duration_text;
  // The histogram's buckets are far narrower than a bar, so each is counted in the bar that
  // contains its middle.
  const auto bar_of = [](double ns) {
    return std::floor(std::log10(std::max(1.0, ns)) * kBarsPerDecade);
  };
  const auto edge = [](double bar) { return std::pow(10, bar / kBarsPerDecade); };
  double last = -1;
  for (const LatencyHistogram::Bucket& bucket : latency.buckets()) {
    const auto middle = static_cast<double>((bucket.from + bucket.until).count()) / 2;
    const double bar = bar_of(middle);
    if (bar != last) chart.bars.push_back({edge(bar), edge(bar + 1), 0});
    chart.bars.back().count += static_cast<double>(bucket.count);
    last = bar;
  }
  if (!latency.empty()) {
    constexpr std::pair<const char*, double> kMarks[] = {
        {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};
    for (const auto& [name, share] : kMarks) {
      chart.marks.push_back({name, static_cast<double>(latency.quantile(share).count())});
    }
  }
  return count_chart(chart);
}

}  // namespace ccbus::cli
