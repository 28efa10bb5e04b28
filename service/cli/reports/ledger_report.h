#pragma once

#include <string>

#include "ccbus/client/client.h"

namespace ccbus::cli {

// The response to a look-up in a ledger, as text. Ends with a line feed.
[[nodiscard]] std::string format_ledger(const LedgerResponse& response);

// The same as one JSON object: ok, code and message, then, for a success, the response's own keys.
[[nodiscard]] std::string ledger_json(const client::Reply& reply);

}  // namespace ccbus::cli
