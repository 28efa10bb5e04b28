#pragma once

#include "zmq.hpp"

namespace ccbus::bus {

// Tracks whether polling the descriptor of a ZeroMQ socket is enough to wait for a message.
//
// The descriptor becomes readable once for new messages, and any call on the socket may reset it
// while messages are still there. Only after a receive that found nothing, and until the next call,
// does every new message make the descriptor readable. Tracking this here saves asking each socket
// for its events around every wait, which would take several system calls for each socket.
//
// Thread: the thread of the socket.
class Readiness {
 public:
  explicit Readiness(zmq::socket_ref socket) : descriptor_(socket.get(zmq::sockopt::fd)) {}

  [[nodiscard]] int descriptor() const { return descriptor_; }

  // False if there may be something to receive although the descriptor is not readable.
  [[nodiscard]] bool is_quiet() const { return is_quiet_; }

  // Call when a receive has found nothing.
  void found_nothing() { is_quiet_ = true; }

  // Call when the descriptor is readable, or something was sent.
  void may_have_news() { is_quiet_ = false; }

 private:
  const int descriptor_;
  bool is_quiet_ = false;
};

}  // namespace ccbus::bus
