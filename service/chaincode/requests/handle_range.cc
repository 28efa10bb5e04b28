#include "service/chaincode/requests/handle_range.h"

#include <memory>
#include <utility>

#include "fabric/ledger/kv_query_result.pb.h"
#include "service/chaincode/requests/collection_access.h"
#include "service/chaincode/requests/query_answer.h"

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

// Metadata are looked at without a collection only, as in Fabric.
Result<Paging> paging_of(const protos::GetStateByRange& get) {
  if (!get.collection().empty()) return Paging{};
  return decode_paging(get.metadata());
}

}  // namespace

Result<void> handle_get_state_by_range(const Request& request) {
  protos::GetStateByRange& get = request.buffers.get_state_by_range;
  if (auto decoded = decode(request, get); !decoded) return decoded;
  TransactionContext& context = request.context;
  if (auto allowed = check_collection(context, get.collection(), Access::kRead); !allowed) {
    return allowed;
  }
  const auto paging = paging_of(get);
  if (!paging) return unexpected(paging.error());

  if (!paging->paginated) {
    auto range = get.collection().empty()
                     ? context.simulator->get_state_range(context.ns, get.startkey(), get.endkey())
                     : context.simulator->get_private_data_range(context.ns, get.collection(),
                                                                 get.startkey(), get.endkey());
    if (!range) return unexpected(range.error());
    return answer(
        context.iterators.open(std::make_unique<RangeResults>(std::move(*range), context.ns),
                               request.limits),
        request.reply);
  }
  const std::string& start = paging->bookmark.empty() ? get.startkey() : paging->bookmark;
  auto range =
      context.simulator->get_state_range_page(context.ns, start, get.endkey(), paging->page_size);
  if (!range) return unexpected(range.error());
  RangeResults results(std::move(*range), context.ns);
  return answer(context.iterators.page(results, paging->page_size, request.limits), request.reply);
}

Result<Answer> handle_query_state_next(const Request& request) {
  protos::QueryStateNext& next = request.buffers.query_state_next;
  if (auto decoded = decode(request, next); !decoded) return unexpected(decoded.error());
  TransactionContext& context = request.context;
  if (auto task = context.iterators.read_ahead(next.id(), request.limits)) {
    context.pending_query = std::make_unique<PendingQuery>();
    context.pending_query->task = task;
    context.pending_query->iterator = next.id();
    return Answer{ReadAhead{std::move(task)}};
  }
  auto response = context.iterators.next(next.id(), request.limits);
  if (auto done = answer(std::move(response), request.reply); !done)
    return unexpected(done.error());
  return Answer{Replied{}};
}

Result<void> handle_query_state_close(const Request& request) {
  protos::QueryStateClose& close = request.buffers.query_state_close;
  if (auto decoded = decode(request, close); !decoded) return decoded;
  return answer(request.context.iterators.close(close.id()), request.reply);
}

}  // namespace ccbus::chaincode
