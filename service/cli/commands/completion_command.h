#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// ccbus completion. `app` has all its other commands by the time it is parsed; both outlive it.
void add_completion_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
