#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "bindings/cpp/src/shim/transaction.h"

namespace ccbus::shim {

// Every transaction whose worker has not let go of it. The ones of the present stream are found by
// name; those of an ended one are only kept alive. I/O thread only.
class TransactionTable {
 public:
  // Null, and nothing is kept, where one of this name runs on the present stream.
  Transaction* add(std::unique_ptr<Transaction> transaction);

  [[nodiscard]] Transaction* find(std::string_view channel_id, std::string_view txid) const;

  // The worker has let go: destroys it.
  void finish(Transaction& transaction);

  // The stream has ended: every transaction hears so, and its name is free again.
  void terminate_all();

  [[nodiscard]] std::size_t size() const { return owned_.size(); }

 private:
  // Views into the transaction that the entry names.
  struct Name {
    std::string_view channel_id;
    std::string_view txid;
    bool operator==(const Name&) const = default;
  };
  struct NameHash {
    std::size_t operator()(const Name& name) const noexcept {
      return std::hash<std::string_view>{}(name.txid) * 31 +
             std::hash<std::string_view>{}(name.channel_id);
    }
  };

  std::unordered_map<Name, Transaction*, NameHash> named_;
  std::unordered_map<const Transaction*, std::unique_ptr<Transaction>> owned_;
};

}  // namespace ccbus::shim
