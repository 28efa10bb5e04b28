#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/base/result.h"
#include "service/chaincode/requests/requests.h"
#include "service/chaincode/transaction/open_query.h"

namespace ccbus::chaincode {

// What range, history and rich queries have in common: reading the paging, and answering.

// How a query returns its results.
struct Paging {
  bool paginated = false;       // One page with a bookmark; otherwise batches.
  std::uint32_t page_size = 0;  // 0: no cap.
  std::string bookmark;
};

// Reads the metadata of a request, an encoded protos.QueryMetadata, which may be empty.
// Errors: kInvalid if the bytes cannot be decoded or the page size is negative.
[[nodiscard]] Result<Paging> decode_paging(const std::string& metadata);

// Answer with the query's next batch, or with its one page: at once, or by a worker if the query is
// slow or the answer takes more than the bus thread's budget.
[[nodiscard]] Result<Answer> answer_batch(const Request& request, std::shared_ptr<OpenQuery> query);
[[nodiscard]] Result<Answer> answer_page(const Request& request, std::shared_ptr<OpenQuery> query,
                                         std::uint32_t page_size);

}  // namespace ccbus::chaincode
