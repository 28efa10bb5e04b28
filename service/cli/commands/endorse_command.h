#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// `ccbus endorse` and `ccbus submit`: a transaction in two steps.
void add_endorse_commands(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
