#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/transaction/deadline_queue.h"
#include "service/gateway/replies/client_outbox.h"

namespace ccbus::gateway {

// Requests that wait for something: found by what they wait for, by their deadline, by who asked.
// Who takes one out answers it. Bus thread.
template <class Key, class Item>
class WaitingRoom {
 public:
  struct Guest {
    Key key;
    ReplyAddress address;
    SteadyTime deadline;
    Item item;
  };

  void add(Guest guest) {
    const SteadyTime deadline = guest.deadline;
    Key key = guest.key;
    const auto at = guests_.emplace(std::move(key), Seat{std::move(guest), {}});
    at->second.ticket = deadlines_.add(deadline, at);
  }

  // Everybody who waits for `key`.
  [[nodiscard]] std::vector<Guest> take(const Key& key) {
    std::vector<Guest> taken;
    for (auto [at, end] = guests_.equal_range(key); at != end;) taken.push_back(take_out(at++));
    return taken;
  }

  // Everybody of whom `matches(guest)` is true.
  template <class Matches>
  [[nodiscard]] std::vector<Guest> take_if(Matches&& matches) {
    std::vector<Guest> taken;
    for (auto at = guests_.begin(); at != guests_.end();) {
      const auto current = at++;
      if (matches(current->second.guest)) taken.push_back(take_out(current));
    }
    return taken;
  }

  // Everybody whom this client sent.
  [[nodiscard]] std::vector<Guest> take_of(PeerId client) {
    return take_if([client](const Guest& guest) { return guest.address.client == client; });
  }

  [[nodiscard]] std::vector<Guest> take_all() {
    return take_if([](const Guest&) { return true; });
  }

  // The next one whose deadline has passed.
  [[nodiscard]] std::optional<Guest> take_expired(SteadyTime now) {
    const auto at = deadlines_.pop(now);
    if (!at) return std::nullopt;
    Guest guest = std::move((*at)->second.guest);
    guests_.erase(*at);
    return guest;
  }

  [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return deadlines_.next(); }
  [[nodiscard]] bool empty() const { return guests_.empty(); }
  [[nodiscard]] std::size_t size() const { return guests_.size(); }

 private:
  struct Seat;
  using Guests = std::multimap<Key, Seat>;
  using Deadlines = chaincode::DeadlineQueue<typename Guests::iterator>;
  struct Seat {
    Guest guest;
    typename Deadlines::Ticket ticket;
  };

  Guest take_out(typename Guests::iterator at) {
    deadlines_.remove(at->second.ticket);
    Guest guest = std::move(at->second.guest);
    guests_.erase(at);
    return guest;
  }

  Guests guests_;
  Deadlines deadlines_;
};

}  // namespace ccbus::gateway
