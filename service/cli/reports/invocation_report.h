#pragma once

#include <chrono>
#include <string>

#include "ccbus/client/client.h"

namespace ccbus::cli {

// Describes a transaction that succeeded in one line, followed by its payload if there is one:
//   committed 4f9c...: block 12, VALID, 3.2 ms
[[nodiscard]] std::string describe_invocation(const client::Reply& reply,
                                              std::chrono::microseconds elapsed);

// Describes the keys of --json, for the command's help.
inline constexpr const char* kInvocationJsonHelp =
    "With --json one object goes to standard output, for a success and for a failure. Its keys,\n"
    "null if unknown: ok, code, message, details (of each endorser: address, msp_id, message),\n"
    "transaction_id, validation_code, block_number,\n"
    "chaincode_status, chaincode_message, payload (also null unless UTF-8), payload_base64, event\n"
    "(name and payload_base64), retries, conflict (namespace, key, and the versions read and\n"
    "committed), elapsed_ms.";

[[nodiscard]] std::string invocation_json(const client::Reply& reply,
                                          std::chrono::microseconds elapsed);

}  // namespace ccbus::cli
