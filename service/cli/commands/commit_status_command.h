#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus commit-status`, which waits for a transaction's block. `exit_code` must outlive the
// parsing.
void add_commit_status_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
