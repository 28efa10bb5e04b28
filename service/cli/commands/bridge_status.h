#pragma once

#include <string>

#include "service/cli/commands/operations_client.h"

namespace ccbus::cli {

// What has come to ccbus-bridge, and from where: its open calls, and the applications that have
// asked the service. Both functions ask the bridge; they block for as long as ask_operations().
// That it does not answer is said in place of what it would have answered.

// For people, as a further part of `ccbus status`.
[[nodiscard]] std::string format_bridge(const OperationsOptions& bridge);

// The JSON object of `ccbus status` with a member "bridge".
[[nodiscard]] std::string with_bridge(const std::string& status, const OperationsOptions& bridge);

}  // namespace ccbus::cli
