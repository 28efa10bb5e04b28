#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus chaincode connect`, `disconnect` and `services`: the chaincodes as a service that
// ccbus-bridge calls. `exit_code` must outlive the parsing.
void add_chaincode_service_commands(CLI::App& group, ExitCode& exit_code);

}  // namespace ccbus::cli
