#include "service/chaincode/requests/request_handlers.h"

#include <memory>
#include <utility>

#include "service/chaincode/requests/query_answer.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::chaincode {
namespace {

// The changes of one key, which the ledger keeps as they are sent. The cursor is opened at the
// first call of next(), on the worker.
class HistoryResults final : public QueryResults {
 public:
  HistoryResults(std::shared_ptr<const ledger::StateView> view, std::string ns, std::string key)
      : view_(std::move(view)), ns_(std::move(ns)), key_(std::move(key)) {}

  bool is_slow() const override { return true; }

  Result<std::optional<std::string>> next() override {
    if (changes_ == nullptr) {
      auto opened = view_->history(ns_, key_);
      if (!opened) return unexpected(opened.error());
      changes_ = std::move(*opened);
    }
    return changes_->next();
  }

  Result<std::string> bookmark() override { return std::string(); }

 private:
  const std::shared_ptr<const ledger::StateView> view_;
  const std::string ns_;
  const std::string key_;
  std::unique_ptr<ledger::HistoryCursor> changes_;  // Reads from the view: destroyed before it.
};

}  // namespace

Result<Answer> handle_get_history_for_key(const Request& request) {
  protos::GetHistoryForKey get;
  if (auto decoded = decode(request, get); !decoded) return unexpected(decoded.error());
  TransactionContext& context = request.context;
  auto results = std::make_unique<HistoryResults>(context.simulator->query_view(), context.ns,
                                                  std::move(*get.mutable_key()));
  auto query = context.iterators.open(std::move(results), request.limits);
  if (!query) return unexpected(query.error());
  return answer_batch(request, std::move(*query));
}

}  // namespace ccbus::chaincode
