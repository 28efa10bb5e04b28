#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// `ccbus channel config init|show|update`. The exit code is set when a command runs.
void add_channel_config_commands(CLI::App& group, ExitCode& exit_code);

}  // namespace ccbus::cli
