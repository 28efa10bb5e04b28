#pragma once

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

// GET_QUERY_RESULT: a Mango selector, answered by a query worker, in batches or pages as a range.
// Every key that is handed out is in the read set; private data are not.
[[nodiscard]] Result<Answer> handle_get_query_result(const Request& request);

}  // namespace ccbus::chaincode
