#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/load/result/load_result.h"

namespace ccbus::load {

struct PhaseResult {
  std::string name;
  LoadResult result;

  bool operator==(const PhaseResult&) const = default;
};

// The result of a scenario, or of one plan that was run alone, which has no name.
struct ScenarioResult {
  std::string name;
  std::string shows;
  std::vector<PhaseResult> phases;  // At least one; fewer than planned if it was interrupted.

  [[nodiscard]] bool is_alone() const { return name.empty(); }

  bool operator==(const ScenarioResult&) const = default;
};

// Returns true if no operation failed, none is unanswered and all counts add up. Conflicts are
// allowed.
[[nodiscard]] bool is_clean(const LoadResult& result);
[[nodiscard]] bool is_clean(const ScenarioResult& result);

// Writes the result of a single plan as its result's object with "ok" before it; of a scenario as
//   {"ok":…,"scenario":…,"shows":…,"phases":[{"name":…,"ok":…, and the result},…]}
[[nodiscard]] nlohmann::ordered_json to_json(const ScenarioResult& result);

// Reads either form. Errors: kInvalid, naming what is missing or of the wrong kind.
[[nodiscard]] Result<ScenarioResult> scenario_result_from_json(const nlohmann::json& json);

}  // namespace ccbus::load
