#pragma once

#include <string>

#include "ccbus/client/client.h"
#include "service/cli/terminal/exit_code.h"

namespace ccbus::cli {

// Returns the exit code for a reply. A transaction succeeds if the service and the chaincode both
// report success and, if it was ordered, the ledger found it valid.
[[nodiscard]] ExitCode exit_code_of(const client::Reply& reply);

// Returns why a request failed, for standard error: the code, the service's message, and the
// chaincode's own status and message. Empty for a success.
[[nodiscard]] std::string failure_text(const client::Reply& reply);

// Returns the chaincode's response; nullptr if there is none.
[[nodiscard]] const protos::Response* chaincode_response(const client::Reply& reply);

}  // namespace ccbus::cli
