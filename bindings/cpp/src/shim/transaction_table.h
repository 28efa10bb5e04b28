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

  [[nodiscard]] Transaction* find(std::string_view channel_id, std::string_view txid) const;

  // Destroys a transaction that has ended.
  void finish(Transaction& transaction);

  // The stream has ended: terminates every transaction and frees its id.
  void terminate_all();

  [[nodiscard]] std::size_t size() const { return owned_.size(); }

 private:
  // The views point into the entry's transaction.
  struct Name {
    std::string_view channel_id;
    std::string_view txid;
    bool operator==(const Name&) const = default;
  };
  struct NameHash {
    // Ids are rarely the same on two channels.
    std::size_t operator()(const Name& name) const noexcept {
      return std::hash<std::string_view>{}(name.txid);
    }
  };

  std::unordered_map<Name, Transaction*, NameHash> named_;
  std::unordered_map<const Transaction*, std::unique_ptr<Transaction>> owned_;
};

}  // namespace ccbus::shim
