#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus events`, which prints chaincode events and blocks as they arrive. `exit_code` must
// outlive the parsing.
void add_events_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
