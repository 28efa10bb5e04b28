#pragma once

#include <string>
#include <vector>

#include "ccbus/client/client.h"

namespace ccbus::cli {

// The definitions of a channel as a table, a line each. Ends with a line feed.
[[nodiscard]] std::string format_definitions(const std::vector<DefinedChaincode>& chaincodes);

// All of one definition: collections with their policies and members, indexes with their fields and
// how far they are. Ends with a line feed.
[[nodiscard]] std::string format_definition(const DefinedChaincode& chaincode);

// The same as one JSON object: ok, code, message, details, and `chaincodes` with all of each one.
[[nodiscard]] std::string definitions_json(const client::Reply& reply,
                                           const std::vector<DefinedChaincode>& chaincodes);

// One line about a definition that was accepted: "defined basic 1.0 on mychannel: ...".
[[nodiscard]] std::string describe_defined(const DefineRequest& request,
                                           const client::Reply& reply);

// What the service adds to its acceptance; empty: nothing.
[[nodiscard]] std::string note_of_defined(const client::Reply& reply);

}  // namespace ccbus::cli
