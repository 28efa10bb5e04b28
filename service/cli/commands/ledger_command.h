#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// `ccbus ledger`: look-ups, and what ledger_maintenance_command.h adds.
void add_ledger_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
