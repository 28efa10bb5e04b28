#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus completion`, which covers every command that `app` has when it is parsed. Both must
// outlive the parsing.
void add_completion_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
