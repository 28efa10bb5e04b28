#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus version`, which shows the version of this command without asking the service.
// It runs while `app` parses and stores its result in `exit_code`, which must outlive the parsing.
void add_version_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
