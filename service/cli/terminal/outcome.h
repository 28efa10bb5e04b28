#pragma once

#include <string>

#include "ccbus/client/client.h"
#include "service/cli/terminal/exit_code.h"

namespace ccbus::cli {

// A reply, read as the command's user means it: a transaction succeeds when the service and the
// chaincode both say so, and when the ledger took it, if it was ordered.
[[nodiscard]] ExitCode exit_code_of(const client::Reply& reply);

// Why it did not, whole, for standard error: the code, the service's message and the chaincode's
// own status and message. Empty for a success.
[[nodiscard]] std::string failure_text(const client::Reply& reply);

// The chaincode's response, or null where none came.
[[nodiscard]] const protos::Response* chaincode_response(const client::Reply& reply);

}  // namespace ccbus::cli
