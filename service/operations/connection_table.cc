#include "service/operations/connection_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "service/base/assert.h"

namespace ccbus::operations {

ConnectionTable::Connection& ConnectionTable::add(int socket, std::string address) {
  ++staying_;
  return connections_.emplace_back(Connection{socket, std::move(address)});
}

void ConnectionTable::remove(Connection& connection) {
  if (!connection.leaving) {
    --staying_;
    response_bytes_ -= connection.response_bytes;
  }
  connections_.erase(place_of(connection));
}

ConnectionTable::Place ConnectionTable::place_of(const Connection& connection) {
  const auto at = std::ranges::find_if(
      connections_, [&](const Connection& listed) { return &listed == &connection; });
  CCBUS_ASSERT(at != connections_.end());
  return at;
}

void ConnectionTable::sending(Connection& connection, std::size_t bytes) {
  connection.answering = false;
  connections_.splice(connections_.end(), connections_, place_of(connection));
  if (connection.leaving) return;
  response_bytes_ += bytes - connection.response_bytes;
  connection.response_bytes = bytes;
}

std::size_t ConnectionTable::staying_from(const std::string& address) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(connections_, [&](const Connection& connection) {
        return !connection.leaving && connection.address == address;
      }));
}

template <class Condition>
ConnectionTable::Connection* ConnectionTable::oldest_waiting(Condition condition) {
  const auto youngest = std::prev(connections_.end());
  const auto at = std::find_if(connections_.begin(), youngest, [&](const Connection& connection) {
    return !connection.leaving && !connection.answering && condition(connection);
  });
  return at == youngest ? nullptr : &*at;
}

ConnectionTable::Connection* ConnectionTable::next_to_leave() {
  if (connections_.empty()) return nullptr;
  Connection* found = nullptr;
  if (response_bytes_ > limits_.response_bytes) {
    found =
        oldest_waiting([](const Connection& connection) { return connection.response_bytes != 0; });
  }
  // Only the youngest can have brought its address above the limit.
  if (found == nullptr &&
      staying_from(connections_.back().address) > limits_.connections_per_address) {
    found = oldest_waiting([&](const Connection& connection) {
      return connection.address == connections_.back().address;
    });
  }
  if (found == nullptr && staying_ > limits_.connections) {
    found = oldest_waiting([](const Connection&) { return true; });
  }
  if (found == nullptr) return nullptr;
  found->leaving = true;
  --staying_;
  response_bytes_ -= found->response_bytes;
  return found;
}

}  // namespace ccbus::operations
