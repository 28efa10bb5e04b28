#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// `ccbus keys list|allow|revoke`, for a directory of allowed keys, and `ccbus keys reload`, for a
// service. The exit code is set when a command runs.
void add_keys_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
