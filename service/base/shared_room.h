#pragma once

#include <cstddef>

#include "service/base/ids.h"
#include "service/base/recycled_map.h"
#include "service/base/result.h"

namespace ccbus {

// Room for a limited number of transactions and of their bytes, which clients share by the rule of
// may_take_more(). A client is one connection. One thread, or guarded by its owner.
class SharedRoom {
 public:
  struct Limits {
    std::size_t count;
    std::size_t bytes;
    const char* count_key;  // The configuration keys, for the texts of errors.
    const char* bytes_key;
    const char* what;  // What the transactions do there: "wait for a block".
  };

  explicit SharedRoom(const Limits& limits) : limits_(limits) {}

  // Errors: kExhausted a limit is reached, or the share of the client.
  [[nodiscard]] Result<void> check(PeerId client, std::size_t bytes) const;

  // If it throws, nothing is changed.
  void take(PeerId client, std::size_t bytes);
  void give_back(PeerId client, std::size_t bytes) noexcept;

  [[nodiscard]] std::size_t count() const { return held_.count; }
  [[nodiscard]] std::size_t bytes() const { return held_.bytes; }

 private:
  struct Held {
    std::size_t count = 0;
    std::size_t bytes = 0;
  };

  const Limits limits_;
  Held held_;  // By all.
  RecycledMap<PeerId, Held> clients_;
};

}  // namespace ccbus
