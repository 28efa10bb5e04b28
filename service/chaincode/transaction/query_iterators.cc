#include "service/chaincode/transaction/query_iterators.h"

#include <utility>

namespace ccbus::chaincode {

Result<std::shared_ptr<OpenQuery>> QueryIterators::open(std::unique_ptr<QueryResults> results,
                                                        const RequestLimits& limits) {
  if (queries_.size() >= limits.iterators_max) {
    return fail(
        ErrorCode::kExhausted,
        "too many open query iterators in this transaction: " + std::to_string(queries_.size()) +
            " are open and the limit is " + std::to_string(limits.iterators_max));
  }
  auto query = std::make_shared<OpenQuery>(new_id(), std::move(results));
  queries_.emplace(query->id(), query);
  return query;
}

std::shared_ptr<OpenQuery> QueryIterators::open_page(std::unique_ptr<QueryResults> results) {
  return std::make_shared<OpenQuery>(new_id(), std::move(results));
}

std::shared_ptr<OpenQuery> QueryIterators::find(std::string_view id) const {
  const auto at = queries_.find(id);
  return at == queries_.end() ? nullptr : at->second;
}

void QueryIterators::settle(const OpenQuery& query) {
  if (query.is_over()) queries_.erase(query.id());
}

protos::QueryResponse QueryIterators::close(std::string_view id) {
  if (const auto at = queries_.find(id); at != queries_.end()) queries_.erase(at);
  protos::QueryResponse response;
  response.set_id(std::string(id));
  return response;
}

std::string QueryIterators::new_id() {
  // Ids are looked up only within this transaction, so a counter is enough; Fabric uses a UUID.
  return std::to_string(++opened_);
}

}  // namespace ccbus::chaincode
