#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/result.h"
#include "service/chaincode/transaction/open_query.h"

namespace ccbus::chaincode {

// The open queries of one transaction. A query is removed once it is exhausted, has failed or was
// closed. Those that are open when the transaction ends are closed with it. Bus thread only.
class QueryIterators {
 public:
  // Opens a query that returns its results in batches, and keeps it.
  // Errors: kExhausted if too many queries are open.
  [[nodiscard]] Result<std::shared_ptr<OpenQuery>> open(std::unique_ptr<QueryResults> results,
                                                        const RequestLimits& limits);

  // Opens a query for one page. It is not kept.
  [[nodiscard]] std::shared_ptr<OpenQuery> open_page(std::unique_ptr<QueryResults> results);

  // Returns null if there is no such open query.
  [[nodiscard]] std::shared_ptr<OpenQuery> find(std::string_view id) const;

  // Call after a batch: removes the query if it is over.
  void settle(const OpenQuery& query);

  // Closes a query. Also succeeds if it is not open, since shims close exhausted queries as well.
  [[nodiscard]] protos::QueryResponse close(std::string_view id);

 private:
  std::string new_id();

  std::map<std::string, std::shared_ptr<OpenQuery>, std::less<>> queries_;
  std::uint64_t opened_ = 0;
};

}  // namespace ccbus::chaincode
