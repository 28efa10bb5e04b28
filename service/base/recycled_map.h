#pragma once

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace ccbus {

// A hash table that keeps the node that was erased last for the next insertion, so that an entry
// that comes and goes with each request costs no allocation. One thread, or guarded by its owner.
template <class Key, class Value, class Hash = std::hash<Key>>
class RecycledMap {
  using Map = std::unordered_map<Key, Value, Hash>;

 public:
  using Entry = typename Map::value_type;  // Does not move while it is in the table.

  // Returns null if there is no such entry.
  [[nodiscard]] Entry* find(const Key& key) {
    const auto at = map_.find(key);
    return at == map_.end() ? nullptr : &*at;
  }
  [[nodiscard]] const Entry* find(const Key& key) const {
    const auto at = map_.find(key);
    return at == map_.end() ? nullptr : &*at;
  }

  // Returns the entry of the key; makes it if the table has none. If it throws, nothing is changed.
  Entry& at(const Key& key) {
    if (const auto at = map_.find(key); at != map_.end()) return *at;
    if (spare_.empty()) return *map_.try_emplace(key).first;
    spare_.key() = key;
    return *map_.insert(std::move(spare_)).position;
  }

  // Erases an entry of this table.
  void erase(const Entry& entry) noexcept {
    spare_ = map_.extract(map_.find(entry.first));
    spare_.mapped() = Value{};
  }

  [[nodiscard]] std::size_t size() const { return map_.size(); }

 private:
  Map map_;
  typename Map::node_type spare_;  // Its value is as of a new entry.
};

}  // namespace ccbus
