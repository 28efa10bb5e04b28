#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "bindings/cpp/src/shim/transaction.h"

namespace ccbus::shim {

// Every transaction that has not ended. Those of the current stream can be found by channel and id;
// those of an ended stream are only kept alive.
//
// Thread: the stream's.
class TransactionTable {
 public:
  // Returns nullptr, and keeps nothing, if the current stream has a transaction of the same id.
  Transaction* add(std::unique_ptr<Transaction> transaction);

  [[nodiscard]] Transaction* find(const TransactionName& name) const;

  // Destroys a transaction that has ended.
  void finish(Transaction& transaction);

  // The stream has ended: terminates every transaction and frees its id.
  void terminate_all();

  [[nodiscard]] std::size_t size() const { return named_.size() + terminated_.size(); }

 private:
  struct NameHash {
    // Ids are rarely the same on two channels.
    std::size_t operator()(const TransactionName& name) const noexcept {
      return std::hash<std::string_view>{}(name.txid);
    }
  };

  // A name is the entry's transaction's.
  std::unordered_map<TransactionName, std::unique_ptr<Transaction>, NameHash> named_;
  std::unordered_map<const Transaction*, std::unique_ptr<Transaction>> terminated_;
};

}  // namespace ccbus::shim
