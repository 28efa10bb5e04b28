#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus config`: show, reference. `exit_code` must outlive the parsing.
void add_config_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
