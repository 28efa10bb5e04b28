#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <utility>

#include "service/base/assert.h"
#include "service/base/recycled_map.h"

namespace ccbus {

// A queue that gives out one item of each owner in turn, so that nobody waits behind all that
// another one has put in. The items of one owner keep their order. One thread, or guarded.
template <class Owner, class Item, class Hash = std::hash<Owner>>
class FairQueue {
 public:
  // If it throws, nothing is changed.
  void push(const Owner& owner, Item item) {
    if (auto* lane = lanes_.find(owner); lane != nullptr) {
      lane->second->items.push_back(std::move(item));
    } else {
      open_lane(owner, std::move(item));
    }
    ++size_;
  }

  // Whose item pop() will return. Must not be empty().
  [[nodiscard]] const Owner& next_owner() const { return turns_.front().owner; }

  // Removes and returns the next item. Must not be empty() (asserted).
  [[nodiscard]] Item pop() {
    CCBUS_ASSERT(!turns_.empty());
    const auto lane = turns_.begin();
    Item item = std::move(lane->items.front());
    lane->items.pop_front();
    --size_;
    if (lane->items.empty()) {
      close_lane(lane);
    } else {
      turns_.splice(turns_.end(), turns_, lane);  // To the end.
    }
    return item;
  }

  // The number of items that this owner has in the queue.
  [[nodiscard]] std::size_t size_of(const Owner& owner) const {
    const auto* lane = lanes_.find(owner);
    return lane == nullptr ? 0 : lane->second->items.size();
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  struct Lane {
    Owner owner;
    std::deque<Item> items;
  };
  using Turns = std::list<Lane>;  // None of them is empty.

  // The lane that was closed last is used again, so that one item at a time costs no allocation.
  void open_lane(const Owner& owner, Item&& item) {
    if (spare_.empty()) spare_.push_back(Lane{owner, {}});
    const auto lane = spare_.begin();
    lane->owner = owner;
    auto& place = lanes_.at(owner);
    try {
      lane->items.push_back(std::move(item));
    } catch (...) {
      lanes_.erase(place);
      throw;
    }
    place.second = lane;
    turns_.splice(turns_.end(), spare_, lane);
  }

  void close_lane(typename Turns::iterator lane) noexcept {
    lanes_.erase(*lanes_.find(lane->owner));
    spare_.clear();
    spare_.splice(spare_.end(), turns_, lane);
  }

  Turns turns_;
  Turns spare_;  // At most one, empty.
  RecycledMap<Owner, typename Turns::iterator, Hash> lanes_;
  std::size_t size_ = 0;
};

}  // namespace ccbus
