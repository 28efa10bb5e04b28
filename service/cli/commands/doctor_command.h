#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// `ccbus doctor`: why a service cannot be used with a key. The exit code is set when it runs.
void add_doctor_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
