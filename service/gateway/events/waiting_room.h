#pragma once

#include <cstddef>
#include <exception>
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
// client. The caller answers the requests that it takes out. One that ends early is removed. Bus
// thread.
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
      // Once it has ended early, it was answered: nothing is left to do.
      at->second.entry.request.on_end({[this, at] { static_cast<void>(take_out(at)); }});
    } catch (...) {
      entries_.erase(at);
      throw;
    }
  }

  // Removes and returns the requests that wait for `key`.
  [[nodiscard]] std::vector<Entry> take(const Key& key) {
    std::vector<Entry> taken;
    const std::size_t count = entries_.count(key);
    taken.reserve(count);
    take_into(key, count, taken);
    return taken;
  }

  // The same for at most `count` of them; `taken` has room for so many.
  void take_into(const Key& key, std::size_t count, std::vector<Entry>& taken) noexcept {
    auto [at, end] = entries_.equal_range(key);
    for (; at != end && count > 0; --count) taken.push_back(take_out(at++));
  }

  // Removes and returns one of the requests that wait for a key from `first` up to but not
  // including `end`, of the lowest key; nullopt if no entry is there.
  [[nodiscard]] std::optional<Entry> take_between(const Key& first, const Key& end) noexcept {
    const auto at = entries_.lower_bound(first);
    if (at == entries_.end() || !(at->first < end)) return std::nullopt;
    return take_out(at);
  }
  [[nodiscard]] bool has_between(const Key& first, const Key& end) const {
    const auto at = entries_.lower_bound(first);
    return at != entries_.end() && at->first < end;
  }

  [[nodiscard]] std::size_t count(const Key& key) const { return entries_.count(key); }
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

  // Calls visit(entry) for each request for which `matches(entry)` is true, and removes it. One
  // that `visit` leaves unanswered, or for which it throws, is answered by its destructor.
  template <class Matches, class Visit>
  void remove_if(Matches&& matches, Visit&& visit) noexcept {
    for (auto at = entries_.begin(); at != entries_.end();) {
      const auto current = at++;
      if (!matches(current->second.entry)) continue;
      Entry entry = take_out(current);
      try {
        visit(entry);
      } catch (const std::exception&) {
      }
    }
  }

  // Drops the requests of a client that has left.
  void forget_client(PeerId client) noexcept {
    remove_if([client](const Entry& entry) { return entry.request.client() == client; },
              [](Entry& entry) { entry.request.forget(); });
  }

  // Removes and returns the next request whose deadline has passed; nullopt if no deadline has.
  [[nodiscard]] std::optional<Entry> take_expired(SteadyTime now) {
    const auto at = deadlines_.pop(now);
    if (!at) return std::nullopt;
    return release(*at);
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

  Entry take_out(typename Entries::iterator at) noexcept {
    deadlines_.remove(at->second.ticket);
    return release(at);
  }

  Entry release(typename Entries::iterator at) noexcept {
    Entry entry = std::move(at->second.entry);
    entry.request.on_end({});
    entries_.erase(at);
    return entry;
  }

  Entries entries_;
  Deadlines deadlines_;
};

}  // namespace ccbus::gateway
