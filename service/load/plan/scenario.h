#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/load/plan/workload_plan.h"

namespace ccbus::load {

// A scenario: several loads that run one after the other on one service, and what they are to show.
//
//   name: burst
//   shows: what ten times the load does to the waiting time, and how it comes back
//   options:                # Of every phase that does not set them itself.
//     mode: invoke
//     warmup: 1s
//   phases:
//     - name: calm
//       duration: 10s
//       rate: 300
//     - name: burst
//       duration: 5s
//       rate: 3000
//
// An option is one of plan_options.h, `mode`, or `arguments`: a list of the arguments with which an
// already connected chaincode is called.
struct ScenarioPhase {
  std::string name;
  WorkloadPlan plan;
};

struct Scenario {
  std::string name;
  std::string shows;
  std::vector<ScenarioPhase> phases;  // At least one.

  [[nodiscard]] std::vector<WorkloadPlan> plans() const;
};

inline constexpr std::size_t kPhasesMax = 100;

// Reads a scenario; all its plans are valid. Errors: kInvalid, naming `file` and the line.
[[nodiscard]] Result<Scenario> parse_scenario(const std::string& text, const std::string& file);

// Reads a scenario from a file. Errors: kInvalid, also if the file cannot be read.
[[nodiscard]] Result<Scenario> read_scenario(const std::filesystem::path& file);

// Shortens a scenario to about `measured` in all. Phases keep their proportions, but do not become
// shorter than a plan may be. A scenario that is not longer is returned unchanged.
[[nodiscard]] Scenario shortened(Scenario scenario, std::chrono::milliseconds measured);

}  // namespace ccbus::load
