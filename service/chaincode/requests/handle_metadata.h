#pragma once

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

// GET_STATE_METADATA and PUT_STATE_METADATA: all entries of a key, and the one entry that replaces
// them all.
[[nodiscard]] Result<void> handle_get_state_metadata(const Request& request);
[[nodiscard]] Result<void> handle_put_state_metadata(const Request& request);

// The rule of the single write. Null `metadata`, which upstream trips over, is refused.
[[nodiscard]] Result<void> put_state_metadata(TransactionContext& context,
                                              const std::string& collection, const std::string& key,
                                              const protos::StateMetadata* metadata);

}  // namespace ccbus::chaincode
