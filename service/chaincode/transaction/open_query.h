#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/result.h"
#include "service/chaincode/transaction/query_results.h"
#include "service/chaincode/transaction/slow_answer.h"

namespace ccbus::chaincode {

// What one request may ask for, and what its answer may take.
struct RequestLimits {
  std::size_t results_per_page = 100;         // Fabric's MaxResultLimit.
  std::uint32_t results_per_query = 100'000;  // ledger.state.totalQueryLimit.
  std::size_t iterators_max = 100;            // Queries that one transaction may have open.
  std::size_t reply_bytes_max = 100u << 20;   // Of one answer: peer.maxRecvMsgSize.
  std::uint32_t batch_writes_max = 1000;      // As announced in READY.
  std::uint32_t multiple_keys_max = 1000;     // As announced in READY.

  // The most results of a page for which `page_size` (0: no cap) was asked.
  [[nodiscard]] std::uint32_t page_max(std::uint32_t page_size) const {
    return page_size == 0 ? results_per_query : std::min(page_size, results_per_query);
  }
};

// Why an answer that has grown to so many bytes is not sent.
[[nodiscard]] Error answer_too_large(std::size_t bytes, const RequestLimits& limits);

// One query of a transaction. It returns its results in batches, or as one page.
//
// Thread: one at a time. A worker that makes a batch shares the query with the transaction, which
//         does not use it until the batch has come back through the next-state pipe.
//
// As in Fabric, one result beyond a full batch is read before the batch is sent. A batch that says
// that there are more is therefore never followed by an empty one.
//
// Source: Fabric's query_response_generator.go and pending_query_result.go at HEAD.
class OpenQuery {
 public:
  OpenQuery(std::string id, std::unique_ptr<QueryResults> results)
      : id_(std::move(id)), results_(std::move(results)) {}

  // Returns the next batch; nullopt if the budget is used up before it is complete, the next call
  // then goes on with it. Errors: those of the query, which is over then; kExhausted if the results
  // are larger than a message.
  [[nodiscard]] Result<std::optional<protos::QueryResponse>> next_batch(const RequestLimits& limits,
                                                                        AnswerBudget budget);

  // Returns one page and its bookmark, and the query is over; nullopt as next_batch(). A page has
  // at most `page_size` results; 0: as many as the query limit allows. Errors: as next_batch().
  [[nodiscard]] Result<std::optional<protos::QueryResponse>> page(std::uint32_t page_size,
                                                                  const RequestLimits& limits,
                                                                  AnswerBudget budget);

  // True if the query is exhausted, has failed, or has returned its page.
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] QueryResults& results() { return *results_; }
  [[nodiscard]] const QueryResults& results() const { return *results_; }

 private:
  [[nodiscard]] unexpected<Error> failed(const Error& why);
  [[nodiscard]] Result<void> add(std::string result, const RequestLimits& limits);
  [[nodiscard]] protos::QueryResponse cut(bool has_more);

  const std::string id_;
  const std::unique_ptr<QueryResults> results_;
  protos::QueryResponse pending_;  // Results that were read and not returned yet.
  std::size_t pending_bytes_ = 0;
  std::uint32_t returned_ = 0;  // Results read so far, with the pending ones.
  bool is_over_ = false;
};

}  // namespace ccbus::chaincode
