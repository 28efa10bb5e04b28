#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus chaincode`: define, list, show, connect, disconnect, services, install, package.
// `exit_code` must outlive the parsing.
void add_chaincode_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
