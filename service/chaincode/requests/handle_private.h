#pragma once

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

// GET_PRIVATE_DATA_HASH, which everybody may ask, and PURGE_PRIVATE_DATA.
[[nodiscard]] Result<void> handle_get_private_data_hash(const Request& request);
[[nodiscard]] Result<void> handle_purge_private_data(const Request& request);

// The rule of the single purge.
[[nodiscard]] Result<void> purge_private_data(TransactionContext& context,
                                              const std::string& collection,
                                              const std::string& key);

}  // namespace ccbus::chaincode
