#pragma once

#include <string>
#include <vector>

#include "service/base/result.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Checks the names of commands at the beginning of the arguments ("chaincode", "define"). CLI11
// says only that a subcommand is required.
//
// Errors: kInvalid, with the unknown name and the nearest known one.
[[nodiscard]] Result<void> check_command_names(const CLI::App& app,
                                               const std::vector<std::string>& arguments);

}  // namespace ccbus::cli
