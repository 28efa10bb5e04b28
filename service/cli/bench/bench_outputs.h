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

// Where the result of a bench goes: standard output, as text or JSON, and the files that were asked
// for.
class BenchOutputs {
 public:
  // *this outlives the parsing.
  void add_to(CLI::App& command);

  // Before the run, so that no long one ends in a file that cannot be written: reads the older
  // result and tries to open the files, which stay as they are. Errors: kInvalid, naming the flag
  // and the file.
  [[nodiscard]] Result<void> prepare();

  // After it. Standard output has the result even where a file cannot be written in the end.
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
