#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus dev`: crypto and up. `exit_code` must outlive the parsing.
void add_dev_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
