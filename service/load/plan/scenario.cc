#include "service/load/plan/scenario.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "service/load/plan/plan_options.h"

namespace ccbus::load {
namespace {

using std::chrono::milliseconds;

// The scenario file is invalid. Thrown within this file only.
class Refused final : public std::exception {
 public:
  Refused(const YAML::Mark& mark, std::string message) : line(mark.line + 1), text(message) {}
  const int line;
  const std::string text;
};

std::string scalar(const YAML::Node& node, const std::string& name) {
  if (node.IsScalar()) return node.Scalar();
  throw Refused(node.Mark(), name + " takes one value");
}

// An entry of a map, with its line. Each key of a map may occur only once.
struct Entry {
  std::string key;
  YAML::Node key_node;
  YAML::Node value;
};

std::vector<Entry> entries_of(const YAML::Node& map, const std::string& what) {
  if (!map.IsMap()) throw Refused(map.Mark(), what + " takes names and values");
  std::vector<Entry> entries;
  std::set<std::string> keys;
  for (const auto& item : map) {
    const std::string key = scalar(item.first, "a name");
    if (!keys.insert(key).second) throw Refused(item.first.Mark(), key + " stands here twice");
    entries.push_back({key, item.first, item.second});
  }
  return entries;
}

std::string known_options() {
  std::string names = "mode, arguments";
  for (const PlanOption& option : plan_options()) names += ", " + std::string(option.name);
  return names;
}

Mode mode_of(const YAML::Node& node) {
  const std::string text = scalar(node, "mode");
  if (const auto mode = parse_mode(text)) return *mode;
  throw Refused(node.Mark(),
                "mode is '" + text + "'; it takes invoke, query, handler, connect or mixed");
}

std::vector<std::string> arguments_of(const YAML::Node& node) {
  if (!node.IsSequence()) throw Refused(node.Mark(), "arguments takes a list");
  std::vector<std::string> arguments;
  for (const YAML::Node& item : node) arguments.push_back(scalar(item, "an argument"));
  return arguments;
}

void set(const Entry& entry, WorkloadPlan& plan) {
  if (entry.key == "mode") return;  // Already set, since it decides which other options apply.
  if (entry.key == "arguments") {
    plan.arguments = arguments_of(entry.value);
    return;
  }
  const PlanOption* const option = find_plan_option(entry.key);
  if (option == nullptr) {
    throw Refused(entry.key_node.Mark(), entry.key + " is no option; there are " + known_options());
  }
  if (auto done = set_option(*option, scalar(entry.value, entry.key), plan); !done) {
    throw Refused(entry.value.Mark(), entry.key + ": " + done.error().message);
  }
  if (auto checked = check_option(*option, plan); !checked) {
    throw Refused(entry.value.Mark(), entry.key + " " + checked.error().message);
  }
}

bool applies(const Entry& entry, Mode mode) {
  const PlanOption* const option = find_plan_option(entry.key);
  return option == nullptr || option->applies_in(mode);
}

// Makes the plans of the phases from the common options and each phase's own.
class Phases {
 public:
  explicit Phases(std::vector<Entry> common) : common_(std::move(common)) {
    WorkloadPlan plan;
    for (const Entry& entry : common_) set(entry, plan);  // Reports invalid common options.
  }

  ScenarioPhase make(const YAML::Node& node, std::size_t number) {
    ScenarioPhase phase{"phase " + std::to_string(number), {}};
    const std::vector<Entry> own = entries_of(node, "a phase");
    WorkloadPlan& plan = phase.plan;
    for (const auto* const entries : {&common_, &own}) {
      const auto mode = std::ranges::find(*entries, "mode", &Entry::key);
      if (mode != entries->end()) plan.mode = mode_of(mode->value);
    }
    bool has_room = false;
    for (const Entry& entry : common_) {
      if (!applies(entry, plan.mode)) continue;
      set(entry, plan);
      used_.insert(entry.key);
      has_room |= entry.key == "in-flight";
    }
    for (const Entry& entry : own) {
      if (entry.key == "name") {
        phase.name = scalar(entry.value, "name");
        continue;
      }
      set(entry, plan);
      if (!applies(entry, plan.mode)) {
        throw Refused(entry.key_node.Mark(),
                      entry.key + " has no use in mode " + std::string(to_string(plan.mode)));
      }
      has_room |= entry.key == "in-flight";
    }
    if (plan.is_open_loop() && !has_room) plan.in_flight = open_loop_in_flight(plan);
    if (auto checked = validate(plan); !checked) {
      throw Refused(node.Mark(), phase.name + ": " + checked.error().message);
    }
    return phase;
  }

  void refuse_unused() const {
    for (const Entry& entry : common_) {
      if (used_.contains(entry.key)) continue;
      throw Refused(entry.key_node.Mark(), entry.key + " has no use in the mode of any phase");
    }
  }

 private:
  const std::vector<Entry> common_;
  std::set<std::string> used_;
};

Scenario scenario_of(const YAML::Node& root) {
  Scenario scenario;
  std::vector<Entry> common;
  YAML::Node phases;
  for (const Entry& entry : entries_of(root, "a scenario")) {
    if (entry.key == "name") {
      scenario.name = scalar(entry.value, "name");
    } else if (entry.key == "shows") {
      scenario.shows = scalar(entry.value, "shows");
    } else if (entry.key == "options") {
      common = entries_of(entry.value, "options");
    } else if (entry.key == "phases") {
      phases = entry.value;
    } else {
      throw Refused(entry.key_node.Mark(),
                    entry.key + " is not known here; name, shows, options and phases are");
    }
  }
  if (scenario.name.empty()) throw Refused(root.Mark(), "the scenario has no name");
  if (!phases.IsSequence() || phases.size() == 0 || phases.size() > kPhasesMax) {
    throw Refused(phases.IsNull() ? root.Mark() : phases.Mark(),
                  "phases takes a list of 1 to " + std::to_string(kPhasesMax));
  }
  Phases maker(std::move(common));
  std::set<std::string> names;
  for (const YAML::Node& node : phases) {
    scenario.phases.push_back(maker.make(node, scenario.phases.size() + 1));
    const std::string& name = scenario.phases.back().name;
    if (!names.insert(name).second) throw Refused(node.Mark(), "two phases are named " + name);
  }
  maker.refuse_unused();
  return scenario;
}

Error error_at(const std::string& file, int line, const std::string& message) {
  return {ErrorCode::kInvalid, file + ":" + std::to_string(line) + ": " + message};
}

}  // namespace

std::vector<WorkloadPlan> Scenario::plans() const {
  std::vector<WorkloadPlan> plans;
  for (const ScenarioPhase& phase : phases) plans.push_back(phase.plan);
  return plans;
}

Result<Scenario> parse_scenario(const std::string& text, const std::string& file) {
  try {
    return scenario_of(YAML::Load(text));
  } catch (const Refused& refused) {
    return unexpected(error_at(file, refused.line, refused.text));
  } catch (const YAML::Exception& error) {
    return unexpected(error_at(file, error.mark.line + 1, error.msg));
  }
}

Result<Scenario> read_scenario(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (!stream || !(text << stream.rdbuf())) {
    return fail(ErrorCode::kInvalid, "cannot read the scenario " + file.string());
  }
  return parse_scenario(text.str(), file.string());
}

Scenario shortened(Scenario scenario, milliseconds measured) {
  constexpr milliseconds kPhaseMin{100};
  milliseconds all{0};
  for (const ScenarioPhase& phase : scenario.phases) all += phase.plan.duration;
  if (all <= measured) return scenario;
  for (ScenarioPhase& phase : scenario.phases) {
    WorkloadPlan& plan = phase.plan;
    const auto scaled = [&](milliseconds time) { return time * measured.count() / all.count(); };
    plan.duration = std::max(kPhaseMin, scaled(plan.duration));
    plan.warmup = scaled(plan.warmup);
  }
  return scenario;
}

}  // namespace ccbus::load
