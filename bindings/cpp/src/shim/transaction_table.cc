#include "bindings/cpp/src/shim/transaction_table.h"

#include <utility>

namespace ccbus::shim {

Transaction* TransactionTable::add(std::unique_ptr<Transaction> transaction) {
  const TransactionName name = transaction->name();
  const auto [entry, is_new] = named_.try_emplace(name, std::move(transaction));
  return is_new ? entry->second.get() : nullptr;
}

Transaction* TransactionTable::find(const TransactionName& name) const {
  const auto found = named_.find(name);
  return found == named_.end() ? nullptr : found->second.get();
}

void TransactionTable::finish(Transaction& transaction) {
  // A transaction of an ended stream must not remove the entry of a new one with the same name.
  const auto found = named_.find(transaction.name());
  if (found != named_.end() && found->second.get() == &transaction) {
    named_.erase(found);
  } else {
    terminated_.erase(&transaction);
  }
}

void TransactionTable::terminate_all() {
  for (auto& [name, transaction] : named_) {
    transaction->terminate();
    const Transaction* const terminated = transaction.get();
    terminated_.emplace(terminated, std::move(transaction));
  }
  named_.clear();
}

}  // namespace ccbus::shim
