#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus dev up`, which runs ccbusd and ccbus-bridge for a developer. `exit_code` must outlive
// the parsing.
void add_dev_up_command(CLI::App& dev, ExitCode& exit_code);

}  // namespace ccbus::cli
