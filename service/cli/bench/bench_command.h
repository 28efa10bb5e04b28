#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// ccbus bench: puts load on a service and measures what comes of it; one sub-command for each mode.
// And the hidden bench-dealers, which is the process of its chaincode.
// Run while `app` parses, and leave their result in `exit_code`, which outlives the parsing.
void add_bench_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
