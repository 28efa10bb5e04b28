#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// `ccbus keygen`: makes a CURVE key. The exit code is set when the command runs.
void add_keygen_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
