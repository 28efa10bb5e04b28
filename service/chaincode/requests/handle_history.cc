#include "service/chaincode/requests/handle_history.h"

#include <memory>
#include <utility>

#include "service/chaincode/requests/query_answer.h"

namespace ccbus::chaincode {
namespace {

// The ledger keeps each change as the wire wants it.
class HistoryResults final : public QueryResults {
 public:
  explicit HistoryResults(std::unique_ptr<ledger::HistoryCursor> changes)
      : changes_(std::move(changes)) {}

  Result<std::optional<std::string>> next() override { return changes_->next(); }
  Result<std::string> bookmark() override { return std::string(); }

 private:
  std::unique_ptr<ledger::HistoryCursor> changes_;
};

}  // namespace

Result<void> handle_get_history_for_key(const Request& request) {
  protos::GetHistoryForKey get;
  if (auto decoded = decode(request, get); !decoded) return decoded;
  TransactionContext& context = request.context;
  auto changes = context.simulator->get_history(context.ns, get.key());
  if (!changes) return unexpected(changes.error());
  auto response =
      context.iterators.open(std::make_unique<HistoryResults>(std::move(*changes)), request.limits);
  return answer(std::move(response), request.reply);
}

}  // namespace ccbus::chaincode
