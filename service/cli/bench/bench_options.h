#pragma once

#include <set>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/load/plan/scenario.h"
#include "service/load/run/run.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// The service that the load goes to. Like all structs of flags, it outlives the parsing.
struct BenchServiceOptions {
  std::string address = "tcp://127.0.0.1:7051";
  std::string chaincode_address;
  bool embedded = false;
  std::vector<std::string> settings;

  void add_to(CLI::App& command);
  [[nodiscard]] load::RunOptions run_options() const;
};

// The flags of `ccbus bench <mode>` that make a plan: those that the mode has a use for.
struct BenchPlanOptions {
  load::WorkloadPlan plan;
  std::string input;            // -c
  std::set<std::string> given;  // Names of the plan's options that were.

  void add_to(CLI::App& command, load::Mode mode);

  // The plan as a scenario that has no name. Errors: kInvalid, naming the flag, its value and the
  // limit.
  [[nodiscard]] Result<load::Scenario> scenario() const;
};

// Those of `ccbus bench run`.
struct BenchScenarioOptions {
  std::string file;
  bool is_short = false;

  void add_to(CLI::App& command);

  // Errors: kInvalid, naming the file and where in it.
  [[nodiscard]] Result<load::Scenario> scenario() const;
};

}  // namespace ccbus::cli
