#pragma once

#include <string>

#include "ccbus/client/client.h"

namespace ccbus::cli {

// The answer to a look-up in a ledger, for people. Ends with a line feed.
[[nodiscard]] std::string format_ledger(const LedgerResponse& response);

// The same as one JSON object, or why there is none: ok, code and message, then the answer's own
// keys.
[[nodiscard]] std::string ledger_json(const client::Reply& reply);

}  // namespace ccbus::cli
