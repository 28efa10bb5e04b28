#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds to `ccbus ledger`: verify, snapshot, restore, reset. `exit_code` must outlive the parsing.
void add_ledger_maintenance_commands(CLI::App& group, ExitCode& exit_code);

}  // namespace ccbus::cli
