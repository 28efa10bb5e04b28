#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// ccbus invoke: runs a transaction and answers once its block is on disk.
// Runs while `app` parses, and leaves its result in `exit_code`, which outlives the parsing.
void add_invoke_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
