#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/load/plan/workload_plan.h"

namespace ccbus::load {

// Loads that follow one another on one service, and what they are to show.
//
//   name: burst
//   shows: what ten times the load does to the waiting time, and how it comes back
//   options:                # Of every phase, unless it says otherwise.
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
// An option is one of plan_options.h, `mode`, or `arguments`: what to call in a chaincode that is
// connected already, as a list.
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

// Errors: kInvalid, with `file` and line; every plan that is returned is valid.
[[nodiscard]] Result<Scenario> parse_scenario(const std::string& text, const std::string& file);

// The same from disk. Errors: kInvalid too where the file cannot be read.
[[nodiscard]] Result<Scenario> read_scenario(const std::filesystem::path& file);

// The same loads in about so much time: phases keep their shares of it, but are not shorter than a
// plan may be. What is longer is cut down, what is not stays as it is.
[[nodiscard]] Scenario shortened(Scenario scenario, std::chrono::milliseconds measured);

}  // namespace ccbus::load
