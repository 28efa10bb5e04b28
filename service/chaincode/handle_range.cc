#include "service/chaincode/handle_range.h"

#include <memory>
#include <utility>

#include "fabric/ledger/kv_query_result.pb.h"
#include "service/chaincode/handle_state.h"

namespace ccbus::chaincode {
namespace {

// A range of the ledger as the wire wants it: queryresult.KV.
class RangeResults final : public QueryResults {
 public:
  RangeResults(std::unique_ptr<ledger::RangeIterator> range, std::string ns)
      : range_(std::move(range)) {
    kv_.set_namespace_(std::move(ns));
  }

  Result<std::optional<std::string>> next() override {
    auto entry = range_->next();
    if (!entry) return unexpected(entry.error());
    if (!entry->has_value()) return std::nullopt;
    kv_.set_key(std::move((*entry)->key));
    kv_.set_value(std::move((*entry)->value));
    std::optional<std::string> encoded(std::in_place);
    kv_.SerializeToString(&*encoded);
    return encoded;
  }

  Result<std::string> bookmark() override { return range_->bookmark(); }

 private:
  std::unique_ptr<ledger::RangeIterator> range_;
  queryresult::KV kv_;  // Kept from result to result; only key and value change.
};

Result<void> answer(const Request& request, Result<protos::QueryResponse> response) {
  if (!response) return unexpected(response.error());
  response->SerializeToString(&request.reply);
  return {};
}

Result<protos::QueryMetadata> decode_metadata(const std::string& bytes) {
  protos::QueryMetadata metadata;
  if (!metadata.ParseFromString(bytes)) {
    return fail(ErrorCode::kInvalid, "unmarshal failed: not a protos.QueryMetadata (" +
                                         std::to_string(bytes.size()) + " bytes)");
  }
  if (metadata.pagesize() < 0) {
    return fail(ErrorCode::kInvalid, "page size " + std::to_string(metadata.pagesize()) +
                                         " is negative: 0 (no cap) is the least");
  }
  return metadata;
}

}  // namespace

Result<void> handle_get_state_by_range(const Request& request) {
  protos::GetStateByRange& get = request.buffers.get_state_by_range;
  if (auto decoded = decode(request, get); !decoded) return decoded;
  if (auto allowed = refuse_collection(request, get.collection()); !allowed) return allowed;
  const auto metadata = decode_metadata(get.metadata());
  if (!metadata) return unexpected(metadata.error());

  TransactionContext& context = request.context;
  const bool paginated = metadata->pagesize() != 0 || !metadata->bookmark().empty();
  if (!paginated) {
    auto range = context.simulator->get_state_range(context.ns, get.startkey(), get.endkey());
    if (!range) return unexpected(range.error());
    return answer(request, context.iterators.open(
                               std::make_unique<RangeResults>(std::move(*range), context.ns),
                               request.limits));
  }
  const std::string& start = metadata->bookmark().empty() ? get.startkey() : metadata->bookmark();
  const auto page_size = static_cast<std::uint32_t>(metadata->pagesize());
  auto range = context.simulator->get_state_range_page(context.ns, start, get.endkey(), page_size);
  if (!range) return unexpected(range.error());
  RangeResults results(std::move(*range), context.ns);
  return answer(request, context.iterators.page(results, page_size, request.limits));
}

Result<void> handle_query_state_next(const Request& request) {
  protos::QueryStateNext& next = request.buffers.query_state_next;
  if (auto decoded = decode(request, next); !decoded) return decoded;
  return answer(request, request.context.iterators.next(next.id(), request.limits));
}

Result<void> handle_query_state_close(const Request& request) {
  protos::QueryStateClose& close = request.buffers.query_state_close;
  if (auto decoded = decode(request, close); !decoded) return decoded;
  return answer(request, request.context.iterators.close(close.id()));
}

}  // namespace ccbus::chaincode
