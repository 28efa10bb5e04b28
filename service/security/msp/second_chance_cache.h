#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "service/base/text_hash.h"

namespace ccbus::security {

// A bounded table. Its entries stand in a ring; the next one to leave is the first that was not
// used since the hand of the ring last passed it (Fabric's msp/cache/second_chance.go).
//
// Thread: any. A hit takes a shared lock and copies the value.
template <class Value>
class SecondChanceCache {
 public:
  explicit SecondChanceCache(std::size_t entries_max) : entries_max_(entries_max) {}

  [[nodiscard]] std::optional<Value> get(std::string_view key) const {
    const std::shared_lock lock(mutex_);
    const auto found = table_.find(key);
    if (found == table_.end()) return std::nullopt;
    found->second->used.store(true, std::memory_order_relaxed);
    return found->second->value;
  }

  // Adds an entry, or replaces its value. Nothing is kept if the cache has no room for any.
  void add(std::string key, Value value) {
    const std::unique_lock lock(mutex_);
    if (entries_max_ == 0) return;
    if (const auto found = table_.find(std::string_view(key)); found != table_.end()) {
      found->second->value = std::move(value);
      found->second->used.store(true, std::memory_order_relaxed);
      return;
    }
    auto entry = std::make_unique<Entry>(std::move(key), std::move(value));
    Entry& added = *entry;
    if (ring_.size() < entries_max_) {
      ring_.push_back(std::move(entry));
    } else {
      make_room();
      ring_[hand_] = std::move(entry);
      hand_ = (hand_ + 1) % ring_.size();
    }
    table_.emplace(added.key, &added);
  }

  [[nodiscard]] std::size_t size() const {
    const std::shared_lock lock(mutex_);
    return table_.size();
  }

 private:
  struct Entry {
    Entry(std::string new_key, Value new_value)
        : key(std::move(new_key)), value(std::move(new_value)) {}
    const std::string key;
    Value value;
    std::atomic<bool> used = false;
  };

  // Moves the hand to the next entry that leaves, and takes it out of the table. Two turns at most.
  void make_room() {
    while (ring_[hand_]->used.exchange(false, std::memory_order_relaxed)) {
      hand_ = (hand_ + 1) % ring_.size();
    }
    table_.erase(ring_[hand_]->key);
  }

  const std::size_t entries_max_;
  mutable std::shared_mutex mutex_;
  // Guarded by mutex_. The keys of the table point into the entries.
  std::vector<std::unique_ptr<Entry>> ring_;
  std::unordered_map<std::string_view, Entry*, TextHash> table_;
  std::size_t hand_ = 0;
};

}  // namespace ccbus::security
