#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "service/load/result/scenario_result.h"

namespace ccbus::cli {

// Two runs beside each other. Pure.

struct ComparedFigure {
  enum class Unit { kPerSecond, kMicroseconds, kCount };

  std::string name;
  Unit unit;
  double older;
  double newer;
};

// One phase's figures, and what a reader has to know before trusting them: in what the two were not
// the same, and whose load generator was the bottleneck.
struct Comparison {
  std::string phase;  // Empty: of a plan alone.
  std::vector<ComparedFigure> figures;
  std::vector<std::string> remarks;
};

// Phases are compared with those of their name; one that stands in one result only has a remark.
[[nodiscard]] std::vector<Comparison> compare(const load::ScenarioResult& older,
                                              const load::ScenarioResult& newer);

// In percent of the older one: +12.5 %. "same" where they are equal, "was 0" where nothing was.
[[nodiscard]] std::string change(const ComparedFigure& figure);

// A table for each. Ends with a line break.
[[nodiscard]] std::string format_comparisons(const std::vector<Comparison>& comparisons);

// [{"phase":…,"figures":[{"name":…,"older":…,"newer":…},…],"remarks":[…]},…]
[[nodiscard]] nlohmann::ordered_json comparison_json(const std::vector<Comparison>& comparisons);

}  // namespace ccbus::cli
