#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/transaction/deadline_queue.h"
#include "service/gateway/replies/pending_request.h"

namespace ccbus::gateway {

// Requests that wait for something. They are found by what they wait for, by deadline and by
// client. The caller answers the requests that it takes out. Bus thread.
template <class Key, class Item>
class WaitingRoom {
 public:
  struct Entry {
    Key key;
    PendingRequest request;
    SteadyTime deadline;
    Item item;
  };

  // If it throws, the entry is destroyed, and its request answered by that.
  void add(Entry entry) {
    const SteadyTime deadline = entry.deadline;
    Key key = entry.key;
    const auto at = entries_.emplace(std::move(key), Slot{std::move(entry), {}});
    try {
      at->second.ticket = deadlines_.add(deadline, at);
    } catch (...) {
      entries_.erase(at);
      throw;
    }
  }

  // Removes and returns the requests that wait for `key`, at most so many.
  [[nodiscard]] std::vector<Entry> take(const Key& key, std::size_t count_max = SIZE_MAX) {
    std::vector<Entry> taken;
    for (auto [at, end] = entries_.equal_range(key); at != end && taken.size() < count_max;) {
      taken.push_back(take_out(at++));
    }
    return taken;
  }

  [[nodiscard]] bool has(const Key& key) const { return entries_.contains(key); }

  // Calls visit(entry) for each request that waits for a key from `first` up to but not including
  // `end`.
  template <class Visit>
  void each_between(const Key& first, const Key& end, Visit&& visit) const {
    for (auto at = entries_.lower_bound(first); at != entries_.end() && at->first < end; ++at) {
      visit(at->second.entry);
    }
  }

  // The same for all.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const auto& [key, slot] : entries_) visit(slot.entry);
  }

  // Removes and returns the requests for which `matches(entry)` is true.
  template <class Matches>
  [[nodiscard]] std::vector<Entry> take_if(Matches&& matches) {
    std::vector<Entry> taken;
    for (auto at = entries_.begin(); at != entries_.end();) {
      const auto current = at++;
      if (matches(current->second.entry)) taken.push_back(take_out(current));
    }
    return taken;
  }

  // Removes and returns the requests of this client.
  [[nodiscard]] std::vector<Entry> take_of(PeerId client) {
    return take_if([client](const Entry& entry) { return entry.request.client() == client; });
  }

  [[nodiscard]] std::vector<Entry> take_all() {
    return take_if([](const Entry&) { return true; });
  }

  // Removes and returns the next request whose deadline has passed; nullopt if there is none.
  [[nodiscard]] std::optional<Entry> take_expired(SteadyTime now) {
    const auto at = deadlines_.pop(now);
    if (!at) return std::nullopt;
    Entry entry = std::move((*at)->second.entry);
    entries_.erase(*at);
    return entry;
  }

  [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return deadlines_.next(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Slot;
  using Entries = std::multimap<Key, Slot>;
  using Deadlines = chaincode::DeadlineQueue<typename Entries::iterator>;
  struct Slot {
    Entry entry;
    typename Deadlines::Ticket ticket;
  };

  Entry take_out(typename Entries::iterator at) {
    deadlines_.remove(at->second.ticket);
    Entry entry = std::move(at->second.entry);
    entries_.erase(at);
    return entry;
  }

  Entries entries_;
  Deadlines deadlines_;
};

}  // namespace ccbus::gateway
