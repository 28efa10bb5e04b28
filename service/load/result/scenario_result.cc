#include "service/load/result/scenario_result.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/load/result/result_json.h"

namespace ccbus::load {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// The results of the phases are read by result_from_json(), which returns its errors. Exceptions
// thrown here concern the members around them.
Result<ScenarioResult> read_scenario_result(const json& from) {
  ScenarioResult scenario;
  scenario.name = from.at("scenario").get<std::string>();
  scenario.shows = from.at("shows").get<std::string>();
  for (const json& phase : from.at("phases")) {
    auto result = result_from_json(phase);
    if (!result) return unexpected(result.error());
    scenario.phases.push_back({phase.at("name").get<std::string>(), std::move(*result)});
  }
  if (scenario.phases.empty()) return fail(ErrorCode::kInvalid, "phases has none");
  return scenario;
}

}  // namespace

bool is_clean(const LoadResult& result) {
  return result.totals.failed() == 0 && result.totals.unanswered == 0 &&
         result.discrepancies.empty();
}

bool is_clean(const ScenarioResult& result) {
  return std::ranges::all_of(result.phases,
                             [](const PhaseResult& phase) { return is_clean(phase.result); });
}

ordered_json to_json(const ScenarioResult& result) {
  ordered_json json = {{"ok", is_clean(result)}};
  if (result.is_alone()) {
    json.update(to_json(result.phases.front().result));
    return json;
  }
  json["scenario"] = result.name;
  json["shows"] = result.shows;
  ordered_json& phases = json["phases"] = ordered_json::array();
  for (const PhaseResult& phase : result.phases) {
    ordered_json object = {{"name", phase.name}, {"ok", is_clean(phase.result)}};
    object.update(to_json(phase.result));
    phases.push_back(std::move(object));
  }
  return json;
}

Result<ScenarioResult> scenario_result_from_json(const json& from) {
  if (!from.is_object() || !from.contains("phases")) {
    auto result = result_from_json(from);
    if (!result) return unexpected(result.error());
    return ScenarioResult{"", "", {{std::string(to_string(result->plan.mode)), *result}}};
  }
  try {
    return read_scenario_result(from);
  } catch (const json::exception& error) {
    return fail(ErrorCode::kInvalid, error.what());
  }
}

}  // namespace ccbus::load
