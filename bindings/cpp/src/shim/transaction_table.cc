#include "bindings/cpp/src/shim/transaction_table.h"

#include <utility>

namespace ccbus::shim {

Transaction* TransactionTable::add(std::unique_ptr<Transaction> transaction) {
  Transaction* const added = transaction.get();
  if (!named_.emplace(Name{added->channel_id(), added->txid()}, added).second) return nullptr;
  owned_.emplace(added, std::move(transaction));
  return added;
}

Transaction* TransactionTable::find(std::string_view channel_id, std::string_view txid) const {
  const auto found = named_.find(Name{channel_id, txid});
  return found == named_.end() ? nullptr : found->second;
}

void TransactionTable::finish(Transaction& transaction) {
  // A transaction of an ended stream must not remove the entry of a new one with the same id.
  const auto found = named_.find(Name{transaction.channel_id(), transaction.txid()});
  if (found != named_.end() && found->second == &transaction) named_.erase(found);
  owned_.erase(&transaction);
}

void TransactionTable::terminate_all() {
  for (const auto& [name, transaction] : named_) transaction->terminate();
  named_.clear();
}

}  // namespace ccbus::shim
