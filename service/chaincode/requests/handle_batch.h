#pragma once

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

// WRITE_BATCH_STATE: the records in order, each by the rules of its single write. The first that
// fails ends it; those before it stay written.
[[nodiscard]] Result<void> handle_write_batch_state(const Request& request);

}  // namespace ccbus::chaincode
