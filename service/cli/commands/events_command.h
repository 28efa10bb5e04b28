#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// `ccbus events`: chaincode events and blocks, as they come.
void add_events_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
