#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus ledger`: look-ups, and the commands of ledger_maintenance_command.h. `exit_code` must
// outlive the parsing.
void add_ledger_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
