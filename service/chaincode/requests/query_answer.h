#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/base/result.h"
#include "service/chaincode/requests/requests.h"
#include "service/chaincode/transaction/open_query.h"

namespace ccbus::chaincode {

// What range, history and rich queries have in common at their two ends.

// How a request wants its results.
struct Paging {
  bool paginated = false;       // One page and a bookmark; else batches.
  std::uint32_t page_size = 0;  // 0: no cap.
  std::string bookmark;
};

// Reads the metadata of a request, an encoded protos.QueryMetadata; they may be empty.
// Errors: kInvalid for bytes that are none, and for a negative page size.
[[nodiscard]] Result<Paging> decode_paging(const std::string& metadata);

// Answers with the query's next batch, or with its one page: at once, or by a worker if the query
// is slow.
[[nodiscard]] Result<Answer> answer_batch(const Request& request, std::shared_ptr<OpenQuery> query);
[[nodiscard]] Result<Answer> answer_page(const Request& request, std::shared_ptr<OpenQuery> query,
                                         std::uint32_t page_size);

// The answer of a query, encoded. What a worker calls, and the bus thread for a query that is fast.
[[nodiscard]] Result<std::string> make_batch(const PendingBatch& batch, const QueryLimits& limits);

}  // namespace ccbus::chaincode
