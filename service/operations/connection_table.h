#pragma once

#include <cstddef>
#include <list>
#include <string>

namespace ccbus::operations {

// The open connections of the HTTP server, and which of them give way when there are too many: the
// longest-waiting ones. A connection waits while it is silent, sends a request slowly or reads a
// response slowly; while we compute its response it is not closed. So no number of idle connections
// keeps a new client out, not even from the same address.
//
// Thread: one.
class ConnectionTable {
 public:
  struct Limits {
    std::size_t connections = 0;  // In all.
    std::size_t connections_per_address = 0;
    std::size_t response_bytes = 0;  // Of responses that have not been sent completely.
  };

  struct Connection {
    int socket = -1;
    std::string address;             // Without the port.
    bool answering = false;          // We compute its response.
    std::size_t response_bytes = 0;  // Of the response that is being sent.
    bool leaving = false;            // It has given way, and will be removed.
  };

  explicit ConnectionTable(Limits limits) : limits_(limits) {}

  // The reference stays valid until remove().
  Connection& add(int socket, std::string address);
  void remove(Connection& connection);

  // Its request is complete, and we compute the response.
  void answering(Connection& connection) { connection.answering = true; }
  // Its response of so many bytes is being sent. It is the youngest from now on.
  void sending(Connection& connection, std::size_t bytes);
  // Its response has been sent or given up. It is the youngest from now on.
  void waiting(Connection& connection) { sending(connection, 0); }

  // Returns a connection that must be closed so that the limits are kept, and counts it as gone;
  // null if they are kept, or if besides the youngest only those are left whose responses we
  // compute.
  [[nodiscard]] Connection* next_to_leave();

 private:
  using Place = std::list<Connection>::iterator;

  [[nodiscard]] Place place_of(const Connection& connection);
  [[nodiscard]] std::size_t staying_from(const std::string& address) const;
  template <class Condition>
  [[nodiscard]] Connection* oldest_waiting(Condition condition);

  const Limits limits_;
  std::list<Connection> connections_;  // The one that has waited longest first.
  std::size_t staying_ = 0;            // Those that are not leaving.
  std::size_t response_bytes_ = 0;     // Theirs.
};

}  // namespace ccbus::operations
