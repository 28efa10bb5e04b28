#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus bench`, which puts load on a service and measures the results, with a sub-command for
// each mode; and the hidden command bench-dealers, which runs the chaincode of a bench. They run
// while `app` parses and store their result in `exit_code`, which must outlive the parsing.
void add_bench_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
