#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus healthcheck`, for containers and scripts. `exit_code` must outlive the parsing.
void add_healthcheck_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
