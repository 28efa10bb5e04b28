#pragma once

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

// GET_STATE, PUT_STATE, DEL_STATE and GET_STATE_MULTIPLE, of public state or of a collection. An
// absent key reads as an empty payload; deleting one succeeds; a value of no bytes is a deletion.
[[nodiscard]] Result<void> handle_get_state(const Request& request);
[[nodiscard]] Result<void> handle_put_state(const Request& request);
[[nodiscard]] Result<void> handle_del_state(const Request& request);
[[nodiscard]] Result<void> handle_get_state_multiple(const Request& request);

// The rules of the single writes, for whoever has a write in another shape.
[[nodiscard]] Result<void> put_state(TransactionContext& context, const std::string& collection,
                                     const std::string& key, std::string value);
[[nodiscard]] Result<void> del_state(TransactionContext& context, const std::string& collection,
                                     const std::string& key);

}  // namespace ccbus::chaincode
