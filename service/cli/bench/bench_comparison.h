#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "service/load/result/scenario_result.h"

namespace ccbus::cli {

// Compares two runs. Pure.

struct ComparedFigure {
  enum class Unit { kPerSecond, kMicroseconds, kCount };

  std::string name;
  Unit unit;
  double older;
  double newer;
};

// The figures of one phase, and remarks that a reader must know before trusting them: in what the
// two runs differ, and in which of them the load generator was the bottleneck.
struct Comparison {
  std::string phase;  // Empty for a plan that was run alone.
  std::vector<ComparedFigure> figures;
  std::vector<std::string> remarks;
};

// Compares phases that have the same name. A phase that is in only one of the results has a remark.
[[nodiscard]] std::vector<Comparison> compare(const load::ScenarioResult& older,
                                              const load::ScenarioResult& newer);

// Returns the change in percent of the older figure, as "+12.5 %"; "same" if they are equal, "was
// 0" if the older one is zero.
[[nodiscard]] std::string change(const ComparedFigure& figure);

// Writes a table for each phase. Ends with a line break.
[[nodiscard]] std::string format_comparisons(const std::vector<Comparison>& comparisons);

// [{"phase":…,"figures":[{"name":…,"older":…,"newer":…},…],"remarks":[…]},…]
[[nodiscard]] nlohmann::ordered_json comparison_json(const std::vector<Comparison>& comparisons);

}  // namespace ccbus::cli
