#pragma once

#include <nlohmann/json_fwd.hpp>

#include "service/cli/commands/operations_client.h"
#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Adds `ccbus chaincode connect`, `disconnect` and `services`: the chaincodes as a service that
// ccbus-bridge calls. `exit_code` must outlive the parsing.
void add_chaincode_service_commands(CLI::App& group, ExitCode& exit_code);

// Has ccbus-bridge call a chaincode as a service. `connection` is Fabric's connection.json with
// `name`, and, if it is known, `package_id` and `addresses`. Prints on stderr why that was refused.
// Blocks: as ask_operations().
[[nodiscard]] ExitCode put_chaincode_service(const OperationsOptions& bridge,
                                             const nlohmann::json& connection);

}  // namespace ccbus::cli
