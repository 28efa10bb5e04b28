#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus logs`: level. `exit_code` must outlive the parsing.
void add_logs_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
