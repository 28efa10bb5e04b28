#pragma once

#include <map>
#include <optional>
#include <utility>

#include "service/base/clock.h"

namespace ccbus::chaincode {

// Items with deadlines, earliest first. Removing an item takes constant time, and so does adding
// one after the last deadline, which is the usual case. One thread.
template <class Item>
class DeadlineQueue {
  using Map = std::multimap<SteadyTime, Item>;

 public:
  using Ticket = typename Map::iterator;  // Valid until its item is removed or popped.

  Ticket add(SteadyTime due, Item item) {
    return map_.emplace_hint(map_.end(), due, std::move(item));
  }

  void remove(Ticket ticket) { map_.erase(ticket); }

  // Removes and returns the earliest item that is due at `now`; nullopt if none is due.
  std::optional<Item> pop(SteadyTime now) {
    if (map_.empty() || map_.begin()->first > now) return std::nullopt;
    Item item = std::move(map_.begin()->second);
    map_.erase(map_.begin());
    return item;
  }

  // The earliest deadline; nullopt if the queue is empty.
  [[nodiscard]] std::optional<SteadyTime> next() const {
    if (map_.empty()) return std::nullopt;
    return map_.begin()->first;
  }

 private:
  Map map_;
};

}  // namespace ccbus::chaincode
