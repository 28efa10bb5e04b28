#pragma once

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

// GET_STATE_BY_RANGE: [start, end), "" is open on its side, in batches of `results_per_page`. With
// metadata that name a page size or a bookmark: one page, and the bookmark to go on from.
[[nodiscard]] Result<void> handle_get_state_by_range(const Request& request);

// QUERY_STATE_NEXT and QUERY_STATE_CLOSE, of ranges, histories and rich queries.
[[nodiscard]] Result<Answer> handle_query_state_next(const Request& request);
[[nodiscard]] Result<void> handle_query_state_close(const Request& request);

}  // namespace ccbus::chaincode
