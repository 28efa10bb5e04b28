#pragma once

#include "service/chaincode/requests.h"

namespace ccbus::chaincode {

// GET_STATE, PUT_STATE and DEL_STATE. An absent key reads as an empty payload; deleting one
// succeeds; a value of no bytes is a deletion.
[[nodiscard]] Result<void> handle_get_state(const Request& request);
[[nodiscard]] Result<void> handle_put_state(const Request& request);
[[nodiscard]] Result<void> handle_del_state(const Request& request);

// No collection is defined yet, so that whoever names one hears what Fabric says of an unknown one.
[[nodiscard]] Result<void> refuse_collection(const Request& request, const std::string& collection);

}  // namespace ccbus::chaincode
