#include "service/chaincode/transaction/query_iterators.h"

#include <utility>

namespace ccbus::chaincode {

Result<protos::QueryResponse> QueryIterators::open(std::unique_ptr<QueryResults> results,
                                                   const QueryLimits& limits) {
  if (queries_.size() >= limits.iterators_max) {
    return fail(
        ErrorCode::kExhausted,
        "too many open query iterators in this transaction: " + std::to_string(queries_.size()) +
            " are open and the limit is " + std::to_string(limits.iterators_max));
  }
  const auto at = queries_.emplace(new_id(), Query{std::move(results), {}, 0}).first;
  return next_batch(at, limits);
}

Result<protos::QueryResponse> QueryIterators::page(QueryResults& results, std::uint32_t page_size,
                                                   const QueryLimits& limits) {
  const std::uint32_t count_max = limits.page_max(page_size);
  protos::QueryResponse response;
  for (std::uint32_t count = 0; count < count_max; ++count) {
    auto result = results.next();
    if (!result) return unexpected(result.error());
    if (!result->has_value()) break;
    response.add_results()->set_resultbytes(std::move(**result));
  }
  auto bookmark = results.bookmark();
  if (!bookmark) return unexpected(bookmark.error());

  protos::QueryResponseMetadata metadata;
  metadata.set_fetched_records_count(response.results_size());
  metadata.set_bookmark(std::move(*bookmark));
  metadata.SerializeToString(response.mutable_metadata());
  response.set_id(new_id());
  return response;
}

Result<protos::QueryResponse> QueryIterators::next(std::string_view id, const QueryLimits& limits) {
  const auto at = queries_.find(id);
  if (at == queries_.end()) return fail(ErrorCode::kNotFound, "query iterator not found");
  return next_batch(at, limits);
}

std::shared_ptr<QueryTask> QueryIterators::read_ahead(std::string_view id,
                                                      const QueryLimits& limits) {
  const auto at = queries_.find(id);
  if (at == queries_.end()) return nullptr;
  // A full batch, and the one beyond it that says whether there are more.
  return at->second.results->read_ahead(limits.results_per_page + 1);
}

protos::QueryResponse QueryIterators::close(std::string_view id) {
  if (const auto at = queries_.find(id); at != queries_.end()) queries_.erase(at);
  protos::QueryResponse response;
  response.set_id(std::string(id));
  return response;
}

Result<protos::QueryResponse> QueryIterators::next_batch(Queries::iterator at,
                                                         const QueryLimits& limits) {
  Query& query = at->second;
  const auto cut = [&](bool has_more) {
    protos::QueryResponse response = std::exchange(query.pending, {});
    response.set_has_more(has_more);
    response.set_id(at->first);
    return response;
  };
  const auto finish = [&] {
    protos::QueryResponse response = cut(false);
    queries_.erase(at);
    return response;
  };

  while (query.returned < limits.results_per_query) {
    auto result = query.results->next();
    if (!result) {
      queries_.erase(at);
      return unexpected(result.error());
    }
    if (!result->has_value()) return finish();
    ++query.returned;
    const bool full =
        static_cast<std::size_t>(query.pending.results_size()) == limits.results_per_page;
    if (!full) {
      query.pending.add_results()->set_resultbytes(std::move(**result));
      continue;
    }
    protos::QueryResponse response = cut(true);
    query.pending.add_results()->set_resultbytes(std::move(**result));
    return response;
  }
  return finish();
}

std::string QueryIterators::new_id() {
  // Looked up only within this transaction, so a count names it as well as Fabric's UUID does.
  return std::to_string(++opened_);
}

}  // namespace ccbus::chaincode
