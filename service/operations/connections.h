#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ccbus::operations {

// Which entries of a long list are wanted.
struct Page {
  std::size_t offset = 0;
  std::size_t limit = 1024;
};

// One connection, at some moment.
struct Connection {
  std::uint64_t peer = 0;               // Each endpoint counts its own from 1 and uses none twice.
  std::string remote;                   // host:port; empty where it has none, as over ipc.
  std::chrono::milliseconds silent{0};  // Since its last message.
  // What it has not taken yet, beyond what libzmq and the kernel hold for it.
  std::size_t queued_messages = 0;
  std::size_t queued_bytes = 0;
};

// A chaincode's connection, and the handler of its stream.
struct HandlerConnection {
  Connection connection;
  std::uint64_t handler = 0;  // The epoch.
  std::string chaincode;
  std::string registered_as;  // With its version, if it gave one.
  std::string state;
  std::size_t open_transactions = 0;
  std::uint64_t transactions = 0;  // Since it registered.
  std::chrono::milliseconds connected{0};
};

// One page of both endpoints.
struct Connections {
  std::size_t handlers_total = 0;
  std::vector<HandlerConnection> handlers;  // By chaincode, the oldest first.
  std::size_t clients_total = 0;
  std::vector<Connection> clients;  // The oldest first.
};

[[nodiscard]] nlohmann::json connections_json(const Connections& connections, Page page);

}  // namespace ccbus::operations
