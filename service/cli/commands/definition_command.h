#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// ccbus chaincode list and ccbus chaincode show, in the group of chaincode commands.
void add_definition_commands(CLI::App& group, ExitCode& exit_code);

}  // namespace ccbus::cli
