#include "service/chaincode/requests/request_handlers.h"

#include <atomic>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "fabric/ledger/kv_query_result.pb.h"
#include "service/base/assert.h"
#include "service/chaincode/requests/collection_access.h"
#include "service/chaincode/requests/query_answer.h"
#include "service/ledger/query/rich_query.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::chaincode {
namespace {

using ledger::RichQuery;

// The results of a Mango query. The query is opened at the first call of next(), on the worker.
class RichResults final : public QueryResults {
 public:
  enum class Reads { kRecorded, kNotRecorded };

  RichResults(std::shared_ptr<const ledger::StateView> view, ledger::RichQueryRequest request,
              std::string ns, Reads reads)
      : view_(std::move(view)), request_(std::move(request)), ns_(std::move(ns)), reads_(reads) {}

  bool is_slow() const override { return true; }
  void expect(std::size_t count) override { wanted_ = count; }

  Result<std::optional<std::string>> next() override {
    if (auto fetched = fetch(); !fetched) return unexpected(fetched.error());
    if (ahead_.empty()) return std::nullopt;
    RichQuery::Found found = std::move(ahead_.front());
    ahead_.pop_front();
    if (reads_ == Reads::kRecorded) handed_out_.push_back({found.key, found.version});
    queryresult::KV kv;
    kv.set_namespace_(ns_);
    kv.set_key(std::move(found.key));
    kv.set_value(std::move(found.value));
    return kv.SerializeAsString();
  }

  Result<std::string> bookmark() override {
    if (auto opened = open(); !opened) return unexpected(opened.error());
    return query_->bookmark();
  }

  void record_reads(ledger::TxSimulator& simulator) override {
    for (const Read& read : std::exchange(handed_out_, {})) {
      simulator.record_query_read(ns_, read.key, read.version);
    }
  }

  void cancel() override { progress_.cancelled = true; }
  std::uint64_t examined() const override { return progress_.documents; }
  std::string advice() const override { return query_ ? query_->report().advice : std::string(); }

 private:
  struct Read {
    std::string key;
    ledger::Version version;
  };

  Result<void> open() {
    if (query_ != nullptr) return {};
    auto opened = RichQuery::open(std::move(view_), std::move(request_));
    if (!opened) return unexpected(opened.error());
    query_ = std::move(*opened);
    return {};
  }

  // Reads as many results as are expected, if none is left of those that were read before.
  Result<void> fetch() {
    if (!ahead_.empty() || is_exhausted_) return {};
    if (auto opened = open(); !opened) return opened;
    auto found = query_->fetch(wanted_, progress_);
    if (!found) return unexpected(found.error());
    is_exhausted_ = found->size() < wanted_;
    for (RichQuery::Found& one : *found) ahead_.push_back(std::move(one));
    return {};
  }

  std::shared_ptr<const ledger::StateView> view_;
  ledger::RichQueryRequest request_;
  const std::string ns_;
  const Reads reads_;
  ledger::QueryProgress progress_;  // Used by any thread.
  std::unique_ptr<RichQuery> query_;
  std::size_t wanted_ = 0;
  std::deque<RichQuery::Found> ahead_;
  std::vector<Read> handed_out_;  // Returned by next() and not recorded yet.
  bool is_exhausted_ = false;
};

Result<std::vector<ccbus::IndexConfig>> indexes_of(TransactionContext& context,
                                                   const std::string& collection) {
  auto definition = context.simulator->definition(context.ns);
  if (!definition) return unexpected(definition.error());
  std::vector<ccbus::IndexConfig> indexes;
  if (*definition == nullptr) return indexes;
  for (const ccbus::IndexConfig& index : (*definition)->indexes()) {
    if (index.collection() == collection) indexes.push_back(index);
  }
  return indexes;
}

Result<ledger::RichQueryRequest> query_of(TransactionContext& context, protos::GetQueryResult& get,
                                          Paging paging) {
  auto indexes = indexes_of(context, get.collection());
  if (!indexes) return unexpected(indexes.error());
  ledger::RichQueryRequest query;
  query.ns = get.collection().empty() ? context.ns
                                      : ledger::private_namespace(context.ns, get.collection());
  query.query = std::move(*get.mutable_query());
  query.paginated = paging.paginated;
  query.page_size = paging.page_size;
  query.bookmark = std::move(paging.bookmark);
  query.indexes = std::move(*indexes);
  return query;
}

}  // namespace

Result<Answer> handle_get_query_result(const Request& request) {
  protos::GetQueryResult get;
  if (auto decoded = decode(request, get); !decoded) return unexpected(decoded.error());
  TransactionContext& context = request.context;
  const std::string collection = get.collection();
  if (auto allowed = check_collection(context, collection, Access::kRead); !allowed) {
    return unexpected(allowed.error());
  }
  // As in Fabric, metadata are ignored if the request names a collection.
  auto paging = collection.empty() ? decode_paging(get.metadata()) : Paging{};
  if (!paging) return unexpected(paging.error());
  if (auto begun = context.simulator->begin_query(context.ns, collection, paging->paginated);
      !begun) {
    return unexpected(begun.error());
  }
  auto query = query_of(context, get, *paging);
  if (!query) return unexpected(query.error());

  const auto reads =
      collection.empty() ? RichResults::Reads::kRecorded : RichResults::Reads::kNotRecorded;
  auto results = std::make_unique<RichResults>(context.simulator->query_view(), std::move(*query),
                                               context.ns, reads);
  if (paging->paginated) {
    return answer_page(request, context.iterators.open_page(std::move(results)), paging->page_size);
  }
  auto opened = context.iterators.open(std::move(results), request.limits);
  if (!opened) return unexpected(opened.error());
  return answer_batch(request, std::move(*opened));
}

}  // namespace ccbus::chaincode
