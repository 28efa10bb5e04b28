#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus chaincode install`, which hands Fabric's chaincode packages to ccbus-bridge.
// `exit_code` must outlive the parsing.
void add_install_command(CLI::App& group, ExitCode& exit_code);

}  // namespace ccbus::cli
