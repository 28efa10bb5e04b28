#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus chaincode package`, which makes Fabric's chaincode packages. `exit_code` must outlive
// the parsing.
void add_package_command(CLI::App& group, ExitCode& exit_code);

}  // namespace ccbus::cli
