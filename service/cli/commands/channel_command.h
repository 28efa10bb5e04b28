#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus channel`: create, list. `exit_code` must outlive the parsing.
void add_channel_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
