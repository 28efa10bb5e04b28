#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

// Reads ahead for a query that is too slow for the bus thread.
class QueryTask {
 public:
  virtual ~QueryTask() = default;

  // On a worker thread. What it finds is for the QueryResults that made the task, which look at it
  // after run() only.
  virtual void run() = 0;

  // Any thread: nobody waits any more.
  virtual void cancel() = 0;

  // Documents looked at so far. Any thread.
  [[nodiscard]] virtual std::uint64_t examined() const = 0;

  // Something that a person should know about the query, after run(); perhaps nothing.
  [[nodiscard]] virtual std::string advice() const = 0;
};

// The results of one query, one at a time, each encoded as the wire wants it (queryresult.KV or
// KeyModification). Bus thread only.
class QueryResults {
 public:
  virtual ~QueryResults() = default;

  // The next one; nothing at the end. After the end or an error it is not called again.
  [[nodiscard]] virtual Result<std::optional<std::string>> next() = 0;

  // Where a later page goes on; "" at the end. Fetched once, after the last result of a page.
  [[nodiscard]] virtual Result<std::string> bookmark() = 0;

  // What has to run before the next `count` results can be asked for; null: nothing.
  [[nodiscard]] virtual std::shared_ptr<QueryTask> read_ahead(std::size_t count) {
    static_cast<void>(count);
    return nullptr;
  }
};

struct QueryLimits {
  std::size_t results_per_page = 100;         // Fabric's MaxResultLimit.
  std::uint32_t results_per_query = 100'000;  // ledger.state.totalQueryLimit.
  std::size_t iterators_max = 100;            // Open at once in one transaction.

  // The most that one page gives, when `page_size` (0: no cap) is asked for.
  [[nodiscard]] std::uint32_t page_max(std::uint32_t page_size) const {
    return page_size == 0 ? results_per_query : std::min(page_size, results_per_query);
  }
};

// The open queries of one transaction. A query is gone once it is exhausted, has failed or was
// closed; what is open when the transaction ends goes with it. Bus thread only.
//
// Source: Fabric's query_response_generator.go and pending_query_result.go at HEAD. One result
// beyond a full batch has been read when the batch is sent, so the next batch is never empty.
class QueryIterators {
 public:
  // The first batch of a new query.
  //
  // Errors: kExhausted with too many open queries; else whatever the query itself reports.
  [[nodiscard]] Result<protos::QueryResponse> open(std::unique_ptr<QueryResults> results,
                                                   const QueryLimits& limits);

  // One page and its bookmark, at most `page_size` results (0: no cap but the query limit). Never
  // more than one response, and nothing stays open.
  [[nodiscard]] Result<protos::QueryResponse> page(QueryResults& results, std::uint32_t page_size,
                                                   const QueryLimits& limits);

  // The next batch. Errors: kNotFound `query iterator not found`; else the query's own.
  [[nodiscard]] Result<protos::QueryResponse> next(std::string_view id, const QueryLimits& limits);

  // What has to run before next(); null: nothing, also where there is no such query.
  [[nodiscard]] std::shared_ptr<QueryTask> read_ahead(std::string_view id,
                                                      const QueryLimits& limits);

  // Closing one that is not open succeeds: shims close after exhaustion, too.
  [[nodiscard]] protos::QueryResponse close(std::string_view id);

 private:
  struct Query {
    std::unique_ptr<QueryResults> results;
    protos::QueryResponse pending;  // Read, not sent yet.
    std::uint32_t returned = 0;     // Read so far, pending ones included.
  };
  using Queries = std::map<std::string, Query, std::less<>>;

  Result<protos::QueryResponse> next_batch(Queries::iterator at, const QueryLimits& limits);
  std::string new_id();

  Queries queries_;
  std::uint64_t opened_ = 0;
};

}  // namespace ccbus::chaincode
