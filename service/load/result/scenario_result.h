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

// What came of a scenario; or of one plan that was run alone, which has no name of its own.
struct ScenarioResult {
  std::string name;
  std::string shows;
  std::vector<PhaseResult> phases;  // At least one. Fewer than were asked for after Ctrl-C.

  [[nodiscard]] bool is_alone() const { return name.empty(); }

  bool operator==(const ScenarioResult&) const = default;
};

// True where nothing failed, nothing is unanswered and everything adds up. Conflicts are answers.
[[nodiscard]] bool is_clean(const LoadResult& result);
[[nodiscard]] bool is_clean(const ScenarioResult& result);

// A plan alone: its result's object with "ok" before it. A scenario:
//   {"ok":…,"scenario":…,"shows":…,"phases":[{"name":…,"ok":…, and the result},…]}
[[nodiscard]] nlohmann::ordered_json to_json(const ScenarioResult& result);

// Back again, either form. Errors: kInvalid, naming what is missing or of the wrong kind.
[[nodiscard]] Result<ScenarioResult> scenario_result_from_json(const nlohmann::json& json);

}  // namespace ccbus::load
