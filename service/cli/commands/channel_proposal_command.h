#pragma once

#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `propose`, `sign` and `submit` to `ccbus channel config`: a change that administrators sign
// one after the other, each where its key is.
void add_channel_proposal_commands(CLI::App& config, ExitCode& exit_code);

}  // namespace ccbus::cli
