#pragma once

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

// GET_HISTORY_FOR_KEY: what valid transactions made of a key, newest first, in batches as a range.
[[nodiscard]] Result<void> handle_get_history_for_key(const Request& request);

}  // namespace ccbus::chaincode
