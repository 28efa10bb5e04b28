#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus endorse` and `ccbus submit`, which run a transaction in two steps. `exit_code` must
// outlive the parsing.
void add_endorse_commands(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
