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

// The open queries of one transaction. A query leaves once it is exhausted, has failed or was
// closed; what is open when the transaction ends is closed with it. Bus thread only.
class QueryIterators {
 public:
  // Keeps a new query, whose batches are to be asked for.
  // Errors: kExhausted with too many open queries.
  [[nodiscard]] Result<std::shared_ptr<OpenQuery>> open(std::unique_ptr<QueryResults> results,
                                                        const QueryLimits& limits);

  // A query for one page. It is not kept.
  [[nodiscard]] std::shared_ptr<OpenQuery> open_page(std::unique_ptr<QueryResults> results);

  // Null if there is no such open query.
  [[nodiscard]] std::shared_ptr<OpenQuery> find(std::string_view id) const;

  // After a batch: drops the query if it is over.
  void settle(const OpenQuery& query);

  // Closing one that is not open succeeds: shims close after exhaustion, too.
  [[nodiscard]] protos::QueryResponse close(std::string_view id);

 private:
  std::string new_id();

  std::map<std::string, std::shared_ptr<OpenQuery>, std::less<>> queries_;
  std::uint64_t opened_ = 0;
};

}  // namespace ccbus::chaincode
