#include "service/chaincode/requests/handle_query.h"

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

// The worker's half: opens the query at its first run, and reads on at each.
class RichQueryTask final : public QueryTask {
 public:
  RichQueryTask(std::shared_ptr<const ledger::StateView> view, ledger::RichQueryRequest request)
      : view_(std::move(view)), request_(std::move(request)) {}

  void run() override {
    if (query_ == nullptr) {
      auto opened = RichQuery::open(std::move(view_), std::move(request_));
      if (!opened) {
        found_ = unexpected(opened.error());
        return;
      }
      query_ = std::move(*opened);
    }
    found_ = query_->fetch(wanted_, progress_);
    if (found_) exhausted_ = found_->size() < wanted_;
  }

  void cancel() override { progress_.cancelled = true; }
  std::uint64_t examined() const override { return progress_.documents; }
  std::string advice() const override { return query_ ? query_->report().advice : std::string(); }

  // --- Bus thread, while no run is under way ---

  void want(std::size_t count) { wanted_ = count; }
  Result<std::vector<RichQuery::Found>> take() { return std::move(found_); }
  bool exhausted() const { return exhausted_; }
  std::string bookmark() const { return query_->bookmark(); }

 private:
  std::shared_ptr<const ledger::StateView> view_;
  ledger::RichQueryRequest request_;
  ledger::QueryProgress progress_;  // Any thread.
  std::unique_ptr<RichQuery> query_;
  std::size_t wanted_ = 0;
  Result<std::vector<RichQuery::Found>> found_;
  bool exhausted_ = false;
};

// The transaction's half: hands out what has been read ahead.
class RichResults final : public QueryResults {
 public:
  // `simulator` is told of every key handed out; null for private data. It outlives this.
  RichResults(std::shared_ptr<RichQueryTask> task, std::string ns, ledger::TxSimulator* simulator)
      : task_(std::move(task)), ns_(std::move(ns)), simulator_(simulator) {}
  ~RichResults() override { task_->cancel(); }

  std::shared_ptr<QueryTask> read_ahead(std::size_t count) override {
    if (task_->exhausted() || ahead_.size() >= count) return nullptr;
    CCBUS_ASSERT(!has_run_);
    task_->want(count - ahead_.size());
    has_run_ = true;
    return task_;
  }

  Result<std::optional<std::string>> next() override {
    if (auto collected = collect(); !collected) return unexpected(collected.error());
    if (ahead_.empty()) return std::nullopt;
    RichQuery::Found found = std::move(ahead_.front());
    ahead_.pop_front();
    if (simulator_ != nullptr) simulator_->record_query_read(ns_, found.key, found.version);
    queryresult::KV kv;
    kv.set_namespace_(ns_);
    kv.set_key(std::move(found.key));
    kv.set_value(std::move(found.value));
    return kv.SerializeAsString();
  }

  Result<std::string> bookmark() override { return task_->bookmark(); }

 private:
  Result<void> collect() {
    if (!std::exchange(has_run_, false)) return {};
    auto found = task_->take();
    if (!found) return unexpected(found.error());
    for (RichQuery::Found& one : *found) ahead_.push_back(std::move(one));
    return {};
  }

  const std::shared_ptr<RichQueryTask> task_;
  const std::string ns_;
  ledger::TxSimulator* const simulator_;
  std::deque<RichQuery::Found> ahead_;
  bool has_run_ = false;  // A run was asked for, and what it found is not in ahead_ yet.
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
  // Metadata are looked at without a collection only, as in Fabric.
  auto paging = collection.empty() ? decode_paging(get.metadata()) : Paging{};
  if (!paging) return unexpected(paging.error());
  if (auto begun = context.simulator->begin_query(context.ns, collection, paging->paginated);
      !begun) {
    return unexpected(begun.error());
  }
  auto query = query_of(context, get, *paging);
  if (!query) return unexpected(query.error());

  auto task = std::make_shared<RichQueryTask>(context.simulator->query_view(), std::move(*query));
  auto results = std::make_unique<RichResults>(
      std::move(task), context.ns, collection.empty() ? context.simulator.get() : nullptr);
  auto pending = std::make_unique<PendingQuery>();
  std::size_t count = request.limits.results_per_page + 1;
  if (paging->paginated) {
    pending->page_size = paging->page_size;
    count = request.limits.page_max(paging->page_size);
  }
  pending->task = results->read_ahead(count);
  pending->results = std::move(results);
  context.pending_query = std::move(pending);
  return Answer{ReadAhead{context.pending_query->task}};
}

Result<void> resume(TransactionContext& context, const QueryLimits& limits, std::string& reply) {
  CCBUS_ASSERT(context.pending_query != nullptr);
  const auto pending = std::move(context.pending_query);
  if (pending->results == nullptr) {
    return answer(context.iterators.next(pending->iterator, limits), reply);
  }
  if (pending->page_size) {
    return answer(context.iterators.page(*pending->results, *pending->page_size, limits), reply);
  }
  return answer(context.iterators.open(std::move(pending->results), limits), reply);
}

}  // namespace ccbus::chaincode
