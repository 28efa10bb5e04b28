#include "service/chaincode/transaction/open_query.h"

namespace ccbus::chaincode {
namespace {

// What one call has spent of its budget.
class Spending {
 public:
  Spending(AnswerBudget budget, std::size_t bytes_before)
      : budget_(budget), bytes_before_(bytes_before) {}
  void row() { ++rows_; }
  // A batch that was cut meanwhile has fewer bytes than before.
  [[nodiscard]] bool is_over(std::size_t bytes) const {
    return rows_ >= budget_.rows ||
           (bytes > bytes_before_ && bytes - bytes_before_ > budget_.bytes);
  }

 private:
  const AnswerBudget budget_;
  const std::size_t bytes_before_;
  std::size_t rows_ = 0;
};

}  // namespace

Error answer_too_large(std::size_t bytes, const RequestLimits& limits) {
  return {ErrorCode::kExhausted,
          "a message of " + std::to_string(bytes) + " bytes or more exceeds the limit of " +
              std::to_string(limits.reply_bytes_max) + " (peer.maxRecvMsgSize)"};
}

Result<std::optional<protos::QueryResponse>> OpenQuery::next_batch(const RequestLimits& limits,
                                                                   AnswerBudget budget) {
  results_->expect(limits.results_per_page + 1);
  for (Spending spent(budget, pending_bytes_); returned_ < limits.results_per_query; spent.row()) {
    if (spent.is_over(pending_bytes_)) return std::nullopt;
    auto result = results_->next();
    if (!result) return failed(result.error());
    if (!result->has_value()) break;
    ++returned_;
    const bool is_full =
        static_cast<std::size_t>(pending_.results_size()) == limits.results_per_page;
    std::optional<protos::QueryResponse> response;
    if (is_full) response = cut(true);
    if (auto added = add(std::move(**result), limits); !added) return failed(added.error());
    if (response) return response;
  }
  is_over_ = true;
  return cut(false);
}

Result<std::optional<protos::QueryResponse>> OpenQuery::page(std::uint32_t page_size,
                                                             const RequestLimits& limits,
                                                             AnswerBudget budget) {
  const std::uint32_t count_max = limits.page_max(page_size);
  results_->expect(count_max);
  for (Spending spent(budget, pending_bytes_); returned_ < count_max; spent.row()) {
    if (spent.is_over(pending_bytes_)) return std::nullopt;
    auto result = results_->next();
    if (!result) return failed(result.error());
    if (!result->has_value()) break;
    ++returned_;
    if (auto added = add(std::move(**result), limits); !added) return failed(added.error());
  }
  auto bookmark = results_->bookmark();
  if (!bookmark) return failed(bookmark.error());
  is_over_ = true;

  protos::QueryResponseMetadata metadata;
  metadata.set_fetched_records_count(pending_.results_size());
  metadata.set_bookmark(std::move(*bookmark));
  metadata.SerializeToString(pending_.mutable_metadata());
  return cut(false);
}

unexpected<Error> OpenQuery::failed(const Error& why) {
  is_over_ = true;
  return unexpected(why);
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
