#include "service/chaincode/transaction/open_query.h"

namespace ccbus::chaincode {

Error answer_too_large(std::size_t bytes, const RequestLimits& limits) {
  return {ErrorCode::kExhausted,
          "a message of " + std::to_string(bytes) + " bytes or more exceeds the limit of " +
              std::to_string(limits.reply_bytes_max) + " (peer.maxRecvMsgSize)"};
}

Result<protos::QueryResponse> OpenQuery::next_batch(const RequestLimits& limits) {
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
    std::optional<protos::QueryResponse> response;
    if (is_full) response = cut(true);
    if (auto added = add(std::move(**result), limits); !added) {
      is_over_ = true;
      return unexpected(added.error());
    }
    if (response) return std::move(*response);
  }
  is_over_ = true;
  return cut(false);
}

Result<protos::QueryResponse> OpenQuery::page(std::uint32_t page_size,
                                              const RequestLimits& limits) {
  is_over_ = true;
  const std::uint32_t count_max = limits.page_max(page_size);
  results_->expect(count_max);
  for (std::uint32_t count = 0; count < count_max; ++count) {
    auto result = results_->next();
    if (!result) return unexpected(result.error());
    if (!result->has_value()) break;
    if (auto added = add(std::move(**result), limits); !added) return unexpected(added.error());
  }
  auto bookmark = results_->bookmark();
  if (!bookmark) return unexpected(bookmark.error());

  protos::QueryResponseMetadata metadata;
  metadata.set_fetched_records_count(pending_.results_size());
  metadata.set_bookmark(std::move(*bookmark));
  metadata.SerializeToString(pending_.mutable_metadata());
  return cut(false);
}

// Refuses what would make the answer larger than a message before more is read.
Result<void> OpenQuery::add(std::string result, const RequestLimits& limits) {
  pending_bytes_ += result.size();
  if (pending_bytes_ > limits.reply_bytes_max) {
    pending_.Clear();
    return unexpected(answer_too_large(pending_bytes_, limits));
  }
  pending_.add_results()->set_resultbytes(std::move(result));
  return {};
}

protos::QueryResponse OpenQuery::cut(bool has_more) {
  pending_bytes_ = 0;
  protos::QueryResponse response = std::exchange(pending_, {});
  response.set_has_more(has_more);
  response.set_id(id_);
  return response;
}

}  // namespace ccbus::chaincode
