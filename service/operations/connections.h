#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ccbus::operations {

// The part of a long list that was asked for.
struct Page {
  std::size_t offset = 0;
  std::size_t limit = 1024;
};

// Snapshot of one connection, for /connz.
struct Connection {
  std::uint64_t peer = 0;               // PeerId: counted from 1 by each endpoint, never reused.
  std::string remote;                   // host:port; empty if there is none, as over ipc.
  std::string key;                      // The name of its key; empty if none is asked for.
  std::chrono::milliseconds silent{0};  // Time since its last message.
  // Waiting in our own queue, beyond what libzmq and the kernel hold for the connection.
  std::size_t queued_messages = 0;
  std::size_t queued_bytes = 0;
};

// Snapshot of a chaincode's connection and of the handler of its stream.
struct HandlerConnection {
  Connection connection;
  std::uint64_t handler = 0;  // The epoch.
  std::string chaincode;
  std::string registered_as;  // With its version if it gave one.
  std::string state;
  std::size_t open_transactions = 0;
  std::uint64_t transactions = 0;  // Since it registered.
  std::chrono::milliseconds connected{0};
};

// One page of the connections of both endpoints.
struct Connections {
  std::size_t handlers_total = 0;
  std::vector<HandlerConnection> handlers;  // Sorted by chaincode, then oldest first.
  std::size_t clients_total = 0;
  std::vector<Connection> clients;  // Oldest first.
};

[[nodiscard]] nlohmann::json connections_json(const Connections& connections, Page page);

}  // namespace ccbus::operations
