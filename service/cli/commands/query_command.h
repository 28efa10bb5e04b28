#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus query`, which runs a chaincode and prints its response; nothing is ordered.
// It runs while `app` parses and stores its result in `exit_code`, which must outlive the parsing.
void add_query_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
