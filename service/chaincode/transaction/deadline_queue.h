#pragma once

#include <map>
#include <optional>
#include <utility>

#include "service/base/clock.h"

namespace ccbus::chaincode {

// Items with deadlines, earliest first. Removing an item takes constant time, and so does adding
// one after the last deadline, which is the usual case. After an item was removed or popped, adding
// one allocates nothing. One thread.
template <class Item>
class DeadlineQueue {
  using Map = std::multimap<SteadyTime, Item>;

 public:
  using Ticket = typename Map::iterator;  // Valid until its item is removed or popped.

  Ticket add(SteadyTime due, Item item) {
    if (spare_.empty()) return map_.emplace_hint(map_.end(), due, std::move(item));
    spare_.key() = due;
    spare_.mapped() = std::move(item);
    return map_.insert(map_.end(), std::move(spare_));
  }

  void remove(Ticket ticket) noexcept { spare_ = map_.extract(ticket); }

  // Removes and returns the earliest item that is due at `now`; nullopt if none is due.
  std::optional<Item> pop(SteadyTime now) {
    if (map_.empty() || map_.begin()->first > now) return std::nullopt;
    spare_ = map_.extract(map_.begin());
    return std::move(spare_.mapped());
  }

  // The earliest deadline; nullopt if the queue is empty.
  [[nodiscard]] std::optional<SteadyTime> next() const {
    if (map_.empty()) return std::nullopt;
    return map_.begin()->first;
  }

 private:
  Map map_;
  typename Map::node_type spare_;  // Of the item that was taken out last.
};

}  // namespace ccbus::chaincode
