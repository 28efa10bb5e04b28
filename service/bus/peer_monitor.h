#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "zmq.hpp"

namespace ccbus::bus {

// Reports the connections of one socket that open, close or fail their handshake.
//
// libzmq posts the event of a closed connection before it closes the descriptor. A caller that
// drains the monitor before it accepts a new connection therefore never takes a descriptor that is
// in use again for the old connection.
//
// Thread: the thread of the socket.
// Blocks: never.
class PeerMonitor {
 public:
  struct ConnectionEvent {
    enum class Kind {
      kAccepted,
      kDisconnected,
      kRefused,         // By the admission, in the handshake.
      kOtherServerKey,  // The handshake was encrypted for another key.
      kOtherMechanism,  // One side wants CURVE and the other one does not.
      kHandshakeFailed,
    } kind;
    int descriptor;       // Of the connection; -1 if its handshake failed.
    std::string address;  // Of ours, to which the peer has connected.
    int reason;           // libzmq's number for the reason if the handshake failed; otherwise 0.
  };

  // `watched` is not bound yet (asserted). `name` is unique among the monitors of one context.
  // Throws zmq::error_t if libzmq refuses.
  PeerMonitor(zmq::context_t& context, zmq::socket_t& watched, const std::string& name);
  ~PeerMonitor();
  PeerMonitor(const PeerMonitor&) = delete;
  PeerMonitor& operator=(const PeerMonitor&) = delete;

  // Returns the next event, or nullopt if there is none.
  [[nodiscard]] std::optional<ConnectionEvent> next();

  // Becomes readable with the next event if next() was not called, or has returned nullopt.
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  zmq::socket_t& watched_;
  zmq::socket_t events_;
  int descriptor_ = -1;
};

}  // namespace ccbus::bus
