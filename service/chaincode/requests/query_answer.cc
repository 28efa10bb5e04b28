#include "service/chaincode/requests/query_answer.h"

#include <utility>

namespace ccbus::chaincode {
namespace {

Result<protos::QueryResponse> ask(const PendingBatch& batch, const RequestLimits& limits) {
  return batch.page_size ? batch.query->page(*batch.page_size, limits)
                         : batch.query->next_batch(limits);
}

Result<Answer> answer(const Request& request, PendingBatch batch) {
  if (batch.query->results().is_slow()) {
    request.context.pending_batch = batch;
    return Answer{MakeBatch{std::move(batch)}};
  }
  auto response = ask(batch, request.limits);
  request.context.iterators.settle(*batch.query);
  if (!response) return unexpected(response.error());
  response->SerializeToString(&request.reply);
  return Answer{Replied{}};
}

}  // namespace

Result<Paging> decode_paging(const std::string& bytes) {
  protos::QueryMetadata metadata;
  if (auto decoded = decode(bytes, metadata); !decoded) return unexpected(decoded.error());
  if (metadata.pagesize() < 0) {
    return fail(ErrorCode::kInvalid, "page size " + std::to_string(metadata.pagesize()) +
                                         " is negative: 0 (no cap) is the least");
  }
  return Paging{metadata.pagesize() != 0 || !metadata.bookmark().empty(),
                static_cast<std::uint32_t>(metadata.pagesize()), metadata.bookmark()};
}

Result<Answer> answer_batch(const Request& request, std::shared_ptr<OpenQuery> query) {
  return answer(request, {std::move(query), std::nullopt});
}

Result<Answer> answer_page(const Request& request, std::shared_ptr<OpenQuery> query,
                           std::uint32_t page_size) {
  return answer(request, {std::move(query), page_size});
}

Result<std::string> make_batch(const PendingBatch& batch, const RequestLimits& limits) {
  auto response = ask(batch, limits);
  if (!response) return unexpected(response.error());
  return response->SerializeAsString();
}

}  // namespace ccbus::chaincode
