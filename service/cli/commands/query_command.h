#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// ccbus query: runs a chaincode, prints what it answers, and orders nothing.
// Runs while `app` parses, and leaves its result in `exit_code`, which outlives the parsing.
void add_query_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
