#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "service/load/run.h"
#include "service/result.h"

namespace ccbus::cli {

// The flags of `ccbus bench <mode>`: those that the mode has a use for.
struct BenchOptions {
  load::WorkloadPlan plan;
  std::string address = "tcp://127.0.0.1:7051";
  std::string chaincode_address;
  std::string input;  // -c
  bool embedded = false;
  std::vector<std::string> settings;
  bool json = false;
  bool in_flight_given = false;

  // *this outlives the parsing.
  void add_to(CLI::App& command, load::Mode mode);

  // Errors: kInvalid, naming the flag, its value and the limit.
  [[nodiscard]] Result<load::RunOptions> run_options() const;
};

}  // namespace ccbus::cli
