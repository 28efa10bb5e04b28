#include "service/chaincode/requests/request_handlers.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "fabric/ledger/kv_query_result.pb.h"
#include "service/chaincode/requests/collection_access.h"
#include "service/chaincode/requests/query_answer.h"

namespace ccbus::chaincode {
namespace {

// The results of a range of the ledger, encoded as queryresult.KV.
class RangeResults final : public QueryResults {
 public:
  RangeResults(std::unique_ptr<ledger::RangeIterator> range, std::string ns)
      : range_(std::move(range)) {
    kv_.set_namespace_(std::move(ns));
  }

  Result<std::optional<std::string>> next() override {
    if (is_cancelled_) return fail(ErrorCode::kPrecondition, "the query was cancelled");
    auto entry = range_->next();
    if (!entry) return unexpected(entry.error());
    if (!entry->has_value()) return std::nullopt;
    ++examined_;
    kv_.set_key(std::move((*entry)->key));
    kv_.set_value(std::move((*entry)->value));
    std::optional<std::string> encoded(std::in_place);
    kv_.SerializeToString(&*encoded);
    return encoded;
  }

  Result<std::string> bookmark() override { return range_->bookmark(); }

  void record_reads(ledger::TxSimulator& simulator) override { simulator.count_reads(*range_); }
  void cancel() override { is_cancelled_ = true; }
  std::uint64_t examined() const override { return examined_; }

 private:
  std::unique_ptr<ledger::RangeIterator> range_;
  std::atomic<std::uint64_t> examined_{0};
  std::atomic<bool> is_cancelled_{false};
  queryresult::KV kv_;  // Kept between results; only key and value change.
};

// As in Fabric, metadata are ignored if the request names a collection.
Result<Paging> paging_of(const protos::GetStateByRange& get) {
  if (!get.collection().empty()) return Paging{};
  return decode_paging(get.metadata());
}

}  // namespace

Result<Answer> handle_get_state_by_range(const Request& request) {
  protos::GetStateByRange& get = request.buffers.get_state_by_range;
  if (auto decoded = decode(request, get); !decoded) return unexpected(decoded.error());
  TransactionContext& context = request.context;
  if (auto allowed = check_collection(context, get.collection(), Access::kRead); !allowed) {
    return unexpected(allowed.error());
  }
  const auto paging = paging_of(get);
  if (!paging) return unexpected(paging.error());

  if (!paging->paginated) {
    auto range = get.collection().empty()
                     ? context.simulator->get_state_range(context.ns, get.startkey(), get.endkey())
                     : context.simulator->get_private_data_range(context.ns, get.collection(),
                                                                 get.startkey(), get.endkey());
    if (!range) return unexpected(range.error());
    auto query = context.iterators.open(
        std::make_unique<RangeResults>(std::move(*range), context.ns), request.limits);
    if (!query) return unexpected(query.error());
    return answer_batch(request, std::move(*query));
  }
  const std::string& start = paging->bookmark.empty() ? get.startkey() : paging->bookmark;
  auto range =
      context.simulator->get_state_range_page(context.ns, start, get.endkey(), paging->page_size);
  if (!range) return unexpected(range.error());
  auto results = std::make_unique<RangeResults>(std::move(*range), context.ns);
  return answer_page(request, context.iterators.open_page(std::move(results)), paging->page_size);
}

Result<Answer> handle_query_state_next(const Request& request) {
  protos::QueryStateNext& next = request.buffers.query_state_next;
  if (auto decoded = decode(request, next); !decoded) return unexpected(decoded.error());
  auto query = request.context.iterators.find(next.id());
  if (query == nullptr) return fail(ErrorCode::kNotFound, "query iterator not found");
  return answer_batch(request, std::move(query));
}

Result<void> handle_query_state_close(const Request& request) {
  protos::QueryStateClose& close = request.buffers.query_state_close;
  if (auto decoded = decode(request, close); !decoded) return decoded;
  request.context.iterators.close(close.id()).SerializeToString(&request.reply);
  return {};
}

}  // namespace ccbus::chaincode
