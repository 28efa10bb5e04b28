#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/base/ids.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

enum class Duplicates {
  kPool,    // Processes with the same name share its transactions.
  kReject,  // Only the first process of a name is accepted, as in Fabric.
};

// The pools of handlers, by chaincode name. An entry belongs to the handler that added it and is
// removed for that handler only, so that a duplicate that was refused never removes the entry of
// the original (in Fabric it does). Bus thread only.
class Registry {
 public:
  explicit Registry(Duplicates duplicates) : duplicates_(duplicates) {}

  // Adds a handler under the bare name. It gets no transactions before set_ready().
  //
  // Errors: kExists `duplicate chaincodeID: <name>` if duplicates are rejected.
  [[nodiscard]] Result<void> add(std::string_view name, HandlerId handler);

  // From now on pick() may return this handler.
  void set_ready(HandlerId handler);

  // Removes the handler. Does nothing if it is not registered.
  void remove(HandlerId handler);

  // Returns the ready member with the fewest open transactions of those for which `may(handler)` is
  // true; among equals the one that has had the fewest so far. Returns HandlerId{0} if there is
  // none.
  template <class May>
  [[nodiscard]] HandlerId pick(std::string_view name, May&& may) const {
    const auto pool = pools_.find(name);
    if (pool == pools_.end()) return HandlerId{0};
    for (const Rank& member : pool->second.ready) {
      if (may(member.handler)) return member.handler;
    }
    return HandlerId{0};
  }
  [[nodiscard]] HandlerId pick(std::string_view name) const {
    return pick(name, [](HandlerId) { return true; });
  }

  // Keep the count of open transactions, which pick() uses.
  void transaction_started(HandlerId handler);
  void transaction_ended(HandlerId handler);

  struct Member {
    HandlerId handler;
    std::uint32_t open = 0;     // Transactions running now.
    std::uint64_t started = 0;  // Since it registered.
    bool ready = false;
  };

  // All pools by name, with the oldest member first.
  [[nodiscard]] std::map<std::string, std::vector<Member>> pools() const;

 private:
  struct Rank {
    std::uint32_t open;
    std::uint64_t started;
    HandlerId handler;
    auto operator<=>(const Rank&) const = default;
  };
  struct Pool {
    std::set<HandlerId> members;
    std::set<Rank> ready;  // Best first.
  };
  using Pools = std::map<std::string, Pool, std::less<>>;
  struct Entry {
    Pools::iterator pool;
    Member member;
  };

  void rerank(Entry& entry, std::uint32_t open, std::uint64_t started);

  const Duplicates duplicates_;
  Pools pools_;
  std::unordered_map<HandlerId, Entry> entries_;
};

}  // namespace ccbus::chaincode
