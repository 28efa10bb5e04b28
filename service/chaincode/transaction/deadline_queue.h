#pragma once

#include <map>
#include <optional>
#include <utility>

#include "service/base/clock.h"

namespace ccbus::chaincode {

// Things that fall due, earliest first. Adding behind the last deadline, the usual case, and
// removing are constant time. One thread.
template <class Item>
class DeadlineQueue {
  using Map = std::multimap<SteadyTime, Item>;

 public:
  using Ticket = typename Map::iterator;  // Valid until it is removed or has fallen due.

  Ticket add(SteadyTime due, Item item) {
    return map_.emplace_hint(map_.end(), due, std::move(item));
  }

  void remove(Ticket ticket) { map_.erase(ticket); }

  // The next item that is due at `now`, taken out.
  std::optional<Item> pop(SteadyTime now) {
    if (map_.empty() || map_.begin()->first > now) return std::nullopt;
    Item item = std::move(map_.begin()->second);
    map_.erase(map_.begin());
    return item;
  }

  [[nodiscard]] std::optional<SteadyTime> next() const {
    if (map_.empty()) return std::nullopt;
    return map_.begin()->first;
  }

 private:
  Map map_;
};

}  // namespace ccbus::chaincode
