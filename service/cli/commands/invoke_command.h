#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus invoke`, which runs a transaction and waits until its block is on disk.
// It runs while `app` parses and stores its result in `exit_code`, which must outlive the parsing.
void add_invoke_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
