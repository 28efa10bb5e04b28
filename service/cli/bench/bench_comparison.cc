#include "service/cli/bench/bench_comparison.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "service/cli/terminal/figures.h"
#include "service/cli/terminal/table.h"
#include "service/load/plan/plan_options.h"
#include "service/load/result/verdict.h"

namespace ccbus::cli {
namespace {

using load::LoadResult;
using load::PhaseResult;
using load::ScenarioResult;
using load::Usage;
using load::WorkloadPlan;
using Unit = ComparedFigure::Unit;

double per_second(std::uint64_t count, const LoadResult& result) {
  return result.measured_seconds > 0 ? static_cast<double>(count) / result.measured_seconds : 0;
}

double microseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1e3;
}

// Returns the processor time per answered operation.
double cpu_each(const Usage& usage, const LoadResult& result) {
  const std::uint64_t answered = result.measured.answered();
  return answered == 0
             ? 0
             : usage.cores * result.measured_seconds * 1e6 / static_cast<double>(answered);
}

std::vector<ComparedFigure> figures_of(const LoadResult& older, const LoadResult& newer) {
  std::vector<ComparedFigure> figures = {
      {"succeeded each second", Unit::kPerSecond, older.throughput(), newer.throughput()}};
  constexpr std::pair<const char*, double> kQuantiles[] = {
      {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};
  for (const auto& [name, share] : kQuantiles) {
    figures.push_back({std::string("latency ") + name, Unit::kMicroseconds,
                       microseconds(older.latency.quantile(share)),
                       microseconds(newer.latency.quantile(share))});
  }
  figures.push_back({"latency max", Unit::kMicroseconds, microseconds(older.latency.max()),
                     microseconds(newer.latency.max())});
  figures.push_back({"conflicts each second", Unit::kPerSecond,
                     per_second(older.measured.conflicts(), older),
                     per_second(newer.measured.conflicts(), newer)});
  figures.push_back({"failures", Unit::kCount, static_cast<double>(older.totals.failed()),
                     static_cast<double>(newer.totals.failed())});
  figures.push_back({"unanswered", Unit::kCount, static_cast<double>(older.totals.unanswered),
                     static_cast<double>(newer.totals.unanswered)});
  const auto add_cpu = [&](const char* side, Usage LoadResult::*usage) {
    if (!(older.*usage).is_known || !(newer.*usage).is_known) return;
    figures.push_back({"processor time of the " + std::string(side) + " for each",
                       Unit::kMicroseconds, cpu_each(older.*usage, older),
                       cpu_each(newer.*usage, newer)});
  };
  add_cpu("service", &LoadResult::service);
  add_cpu("chaincode", &LoadResult::chaincode);
  add_cpu("load generator", &LoadResult::generator);
  return figures;
}

void add_difference(const std::string& what, const std::string& older, const std::string& newer,
                    std::string& text) {
  if (older == newer) return;
  text += (text.empty() ? "" : ", ") + what + " " + older + " -> " + newer;
}

std::string listed(const std::vector<std::string>& arguments) {
  std::string text = "[";
  for (const std::string& argument : arguments) text += (text == "[" ? "" : ", ") + argument;
  return text + "]";
}

std::string plan_differences(const WorkloadPlan& older, const WorkloadPlan& newer) {
  std::string text;
  add_difference("mode", std::string(to_string(older.mode)), std::string(to_string(newer.mode)),
                 text);
  for (const load::PlanOption& option : load::plan_options()) {
    add_difference(std::string(option.name), option_text(option, older), option_text(option, newer),
                   text);
  }
  add_difference("arguments", listed(older.arguments), listed(newer.arguments), text);
  return text;
}

std::string service_differences(const LoadResult& older, const LoadResult& newer) {
  std::string text;
  add_difference("version", older.version, newer.version, text);
  add_difference("durability", older.durability, newer.durability, text);
  add_difference("cores", std::to_string(older.cores), std::to_string(newer.cores), text);
  return text;
}

void remark_on(const LoadResult& result, const std::string& which,
               std::vector<std::string>& remarks) {
  if (is_bounded_by_generator(result)) {
    remarks.push_back("The load generator was a bottleneck of the " + which +
                      " run: its figures are partly the generator's own.");
  }
  if (result.was_interrupted) remarks.push_back("The " + which + " run was ended early.");
}

Comparison compare_phase(const std::string& name, const LoadResult& older,
                         const LoadResult& newer) {
  Comparison comparison{name, figures_of(older, newer), {}};
  if (const auto plans = plan_differences(older.plan, newer.plan); !plans.empty()) {
    comparison.remarks.push_back("The plans differ: " + plans + ".");
  }
  if (const auto services = service_differences(older, newer); !services.empty()) {
    comparison.remarks.push_back("What they ran on differs: " + services + ".");
  }
  remark_on(older, "older", comparison.remarks);
  remark_on(newer, "newer", comparison.remarks);
  return comparison;
}

const PhaseResult* phase_of(const ScenarioResult& scenario, const std::string& name) {
  const auto found = std::ranges::find(scenario.phases, name, &PhaseResult::name);
  return found == scenario.phases.end() ? nullptr : &*found;
}

std::string shown(double value, Unit unit) {
  switch (unit) {
    case Unit::kPerSecond: return rounded(value);
    case Unit::kMicroseconds:
      return short_duration(
          std::chrono::nanoseconds(static_cast<std::int64_t>(std::llround(value * 1e3))));
    case Unit::kCount: return rounded(value);
  }
  return "";
}

}  // namespace

std::vector<Comparison> compare(const ScenarioResult& older, const ScenarioResult& newer) {
  if (older.is_alone() && newer.is_alone()) {
    return {compare_phase("", older.phases.front().result, newer.phases.front().result)};
  }
  std::vector<Comparison> comparisons;
  for (const PhaseResult& phase : newer.phases) {
    if (const PhaseResult* const before = phase_of(older, phase.name)) {
      comparisons.push_back(compare_phase(phase.name, before->result, phase.result));
    } else {
      comparisons.push_back({phase.name, {}, {"It stands in the newer result only."}});
    }
  }
  for (const PhaseResult& phase : older.phases) {
    if (phase_of(newer, phase.name) != nullptr) continue;
    comparisons.push_back({phase.name, {}, {"It stands in the older result only."}});
  }
  return comparisons;
}

std::string change(const ComparedFigure& figure) {
  if (figure.older == figure.newer) return "same";
  if (figure.older == 0) return "was 0";
  const double percent = (figure.newer / figure.older - 1) * 100;
  return (percent < 0 ? "" : "+") + decimal(percent, 1) + " %";
}

std::string format_comparisons(const std::vector<Comparison>& comparisons) {
  std::string text;
  for (const Comparison& comparison : comparisons) {
    if (!text.empty()) text += "\n";
    text += "compared with the older run" +
            (comparison.phase.empty() ? "" : ", phase " + comparison.phase) + "\n";
    if (!comparison.figures.empty()) {
      std::vector<Row> rows = {{"FIGURE", "OLDER", "NEWER", "CHANGE"}};
      for (const ComparedFigure& figure : comparison.figures) {
        rows.push_back({figure.name, shown(figure.older, figure.unit),
                        shown(figure.newer, figure.unit), change(figure)});
      }
      text += format_table(rows);
    }
    for (const std::string& remark : comparison.remarks) text += remark + "\n";
  }
  return text;
}

nlohmann::ordered_json comparison_json(const std::vector<Comparison>& comparisons) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Comparison& comparison : comparisons) {
    nlohmann::ordered_json figures = nlohmann::ordered_json::array();
    for (const ComparedFigure& figure : comparison.figures) {
      const char* const suffix = figure.unit == Unit::kMicroseconds ? "us" : "";
      figures.push_back({{"name", figure.name},
                         {"unit", figure.unit == Unit::kPerSecond ? "1/s" : suffix},
                         {"older", figure.older},
                         {"newer", figure.newer}});
    }
    list.push_back({{"phase", comparison.phase},
                    {"figures", std::move(figures)},
                    {"remarks", comparison.remarks}});
  }
  return list;
}

}  // namespace ccbus::cli
