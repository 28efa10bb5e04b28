#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/result.h"
#include "service/chaincode/transaction/query_results.h"

namespace ccbus::chaincode {

struct QueryLimits {
  std::size_t results_per_page = 100;         // Fabric's MaxResultLimit.
  std::uint32_t results_per_query = 100'000;  // ledger.state.totalQueryLimit.
  std::size_t iterators_max = 100;            // Open at once in one transaction.

  // The most that one page gives, when `page_size` (0: no cap) is asked for.
  [[nodiscard]] std::uint32_t page_max(std::uint32_t page_size) const {
    return page_size == 0 ? results_per_query : std::min(page_size, results_per_query);
  }
};

// One query of a transaction, which hands out its results in batches or as one page.
//
// Thread: one at a time. A worker that makes a batch shares it with the transaction, which leaves
//         it alone until the batch has come back through the next-state pipe.
//
// Source: Fabric's query_response_generator.go and pending_query_result.go at HEAD. One result
// beyond a full batch has been read when the batch is sent, so the next batch is never empty.
class OpenQuery {
 public:
  OpenQuery(std::string id, std::unique_ptr<QueryResults> results)
      : id_(std::move(id)), results_(std::move(results)) {}

  // The next batch. Errors: the query's own, and then it is over.
  [[nodiscard]] Result<protos::QueryResponse> next_batch(const QueryLimits& limits);

  // One page and its bookmark, at most `page_size` results (0: no cap but the query limit), and
  // then it is over. Errors: the query's own.
  [[nodiscard]] Result<protos::QueryResponse> page(std::uint32_t page_size,
                                                   const QueryLimits& limits);

  // Exhausted, failed, or a page that was handed out.
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] QueryResults& results() { return *results_; }
  [[nodiscard]] const QueryResults& results() const { return *results_; }

 private:
  [[nodiscard]] protos::QueryResponse cut(bool has_more);

  const std::string id_;
  const std::unique_ptr<QueryResults> results_;
  protos::QueryResponse pending_;  // Read, not handed out yet.
  std::uint32_t returned_ = 0;     // Read so far, pending ones included.
  bool is_over_ = false;
};

}  // namespace ccbus::chaincode
