#pragma once

#include <set>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/cli/commands/identity_options.h"
#include "service/load/plan/scenario.h"
#include "service/load/run/run.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// The flags for the service under load. Like all structs of flags, it must outlive the parsing.
struct BenchServiceOptions {
  std::string address = "tcp://127.0.0.1:7051";
  std::string chaincode_address;
  std::string key;  // Files of certificates; empty: without keys.
  std::string server_key;
  IdentityOptions identity;
  bool embedded = false;
  std::vector<std::string> settings;

  void add_to(CLI::App& command);
  // Blocks: on the disk. Errors: std::invalid_argument, as IdentityOptions::signer().
  [[nodiscard]] load::RunOptions run_options() const;
};

// The flags of `ccbus bench <mode>` that make a plan: those that apply in the mode.
struct BenchPlanOptions {
  load::WorkloadPlan plan;
  std::string input;            // -c
  std::set<std::string> given;  // The names of the plan's options that were given.

  void add_to(CLI::App& command, load::Mode mode);

  // Returns the plan as a scenario without a name. Errors: kInvalid, naming the flag, its value and
  // the limit.
  [[nodiscard]] Result<load::Scenario> scenario() const;
};

// The flags of `ccbus bench run`.
struct BenchScenarioOptions {
  std::string file;
  bool is_short = false;

  void add_to(CLI::App& command);

  // Errors: kInvalid, naming the file and the line.
  [[nodiscard]] Result<load::Scenario> scenario() const;
};

}  // namespace ccbus::cli
