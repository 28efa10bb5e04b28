#include "service/chaincode/transaction/open_query.h"

namespace ccbus::chaincode {

Result<protos::QueryResponse> OpenQuery::next_batch(const QueryLimits& limits) {
  results_->expect(limits.results_per_page + 1);
  while (returned_ < limits.results_per_query) {
    auto result = results_->next();
    if (!result) {
      is_over_ = true;
      return unexpected(result.error());
    }
    if (!result->has_value()) break;
    ++returned_;
    const bool is_full =
        static_cast<std::size_t>(pending_.results_size()) == limits.results_per_page;
    if (!is_full) {
      pending_.add_results()->set_resultbytes(std::move(**result));
      continue;
    }
    protos::QueryResponse response = cut(true);
    pending_.add_results()->set_resultbytes(std::move(**result));
    return response;
  }
  is_over_ = true;
  return cut(false);
}

Result<protos::QueryResponse> OpenQuery::page(std::uint32_t page_size, const QueryLimits& limits) {
  is_over_ = true;
  const std::uint32_t count_max = limits.page_max(page_size);
  results_->expect(count_max);
  for (std::uint32_t count = 0; count < count_max; ++count) {
    auto result = results_->next();
    if (!result) return unexpected(result.error());
    if (!result->has_value()) break;
    pending_.add_results()->set_resultbytes(std::move(**result));
  }
  auto bookmark = results_->bookmark();
  if (!bookmark) return unexpected(bookmark.error());

  protos::QueryResponseMetadata metadata;
  metadata.set_fetched_records_count(pending_.results_size());
  metadata.set_bookmark(std::move(*bookmark));
  metadata.SerializeToString(pending_.mutable_metadata());
  return cut(false);
}

protos::QueryResponse OpenQuery::cut(bool has_more) {
  protos::QueryResponse response = std::exchange(pending_, {});
  response.set_has_more(has_more);
  response.set_id(id_);
  return response;
}

}  // namespace ccbus::chaincode
