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
  kPool,    // Processes of one name share its transactions.
  kReject,  // Only the first is let in, as in Fabric.
};

// Who runs which chaincode: pools of handlers by chaincode name. An entry belongs to the handler
// that made it, and only that handler takes it out, so that a duplicate that was refused never
// takes the original with it (Fabric's does). Bus thread only.
class Registry {
 public:
  explicit Registry(Duplicates duplicates) : duplicates_(duplicates) {}

  // Enters a handler under the bare name. It gets no transactions before it is ready.
  //
  // Errors: kExists `duplicate chaincodeID: <name>` where duplicates are refused.
  [[nodiscard]] Result<void> add(std::string_view name, HandlerId handler);

  // The handler may be picked from now on.
  void set_ready(HandlerId handler);

  // Takes the handler out; one that is not in is no fault.
  void remove(HandlerId handler);

  // The ready member with the fewest open transactions; among equals the one that has had the
  // fewest. HandlerId{0}: nobody is ready.
  [[nodiscard]] HandlerId pick(std::string_view name) const;

  void transaction_started(HandlerId handler);
  void transaction_ended(HandlerId handler);

  struct Member {
    HandlerId handler;
    std::uint32_t open = 0;     // Transactions running now.
    std::uint64_t started = 0;  // Since it registered.
    bool ready = false;
  };

  // By name, members oldest first.
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
