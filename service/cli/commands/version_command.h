#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// ccbus version: shows this command's version; it does not ask the service.
// Runs while `app` parses, and leaves its result in `exit_code`, which outlives the parsing.
void add_version_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
