#pragma once

#include <CLI/CLI.hpp>

#include "service/cli/terminal/exit_code.h"

namespace ccbus::cli {

// ccbus chaincode define
void add_chaincode_command(CLI::App& app, ExitCode& exit_code);

}  // namespace ccbus::cli
