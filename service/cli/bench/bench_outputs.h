#pragma once

#include <optional>
#include <string>

#include "service/base/result.h"
#include "service/cli/terminal/exit_code.h"
#include "service/load/result/scenario_result.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Writes the result of a bench to standard output, as text or JSON, and to the requested files.
class BenchOutputs {
 public:
  // *this outlives the parsing.
  void add_to(CLI::App& command);

  // Call before the run, so that a long run is not lost because of a file that cannot be written.
  // Reads the older result and checks that the other files can be written, without changing them.
  // Errors: kInvalid, naming the flag and the file.
  [[nodiscard]] Result<void> prepare();

  // Call after the run. The result is on standard output even if writing a file fails.
  [[nodiscard]] ExitCode deliver(const load::ScenarioResult& result) const;

  [[nodiscard]] bool json() const { return json_; }

 private:
  bool json_ = false;
  std::string csv_;
  std::string report_;
  std::string compare_;
  std::optional<load::ScenarioResult> older_;
};

}  // namespace ccbus::cli
