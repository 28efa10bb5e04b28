#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "zmq.hpp"

namespace ccbus::bus {

// Watches one socket's connections. libzmq posts an event before it closes the descriptor, so
// whoever drains the monitor before trusting a new connection never mistakes a descriptor that is
// in use again for the old connection.
//
// Thread: the socket's.
// Blocks: never.
class PeerMonitor {
 public:
  struct ConnectionEvent {
    enum class Kind { kAccepted, kDisconnected, kHandshakeFailed } kind;
    int descriptor;       // Of the connection; -1 where libzmq does not say.
    std::string address;  // Where the socket is bound.
    int reason;           // Of kHandshakeFailed: libzmq's number.
  };

  // `name` tells the monitors of one context apart.
  PeerMonitor(zmq::context_t& context, zmq::socket_t& watched, const std::string& name);
  ~PeerMonitor();
  PeerMonitor(const PeerMonitor&) = delete;
  PeerMonitor& operator=(const PeerMonitor&) = delete;

  // The next thing that happened, or nothing.
  [[nodiscard]] std::optional<ConnectionEvent> next();

  // Once next() has said that there is nothing: readable when there is.
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  zmq::socket_t& watched_;
  zmq::socket_t events_;
  int descriptor_ = -1;
};

}  // namespace ccbus::bus
