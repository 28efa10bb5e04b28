#pragma once

#include "zmq.hpp"

namespace ccbus::bus {

// Whether a ZeroMQ socket can be waited for by its descriptor alone.
//
// The descriptor tells of news once, and any call on the socket may take that news off it. Only a
// receive that found nothing leaves no news behind: from then on, until the next call, whatever
// comes makes the descriptor readable. Knowing that saves asking each socket for its events around
// every wait, which costs several system calls a socket.
//
// Thread: the socket's.
class Readiness {
 public:
  explicit Readiness(zmq::socket_ref socket) : descriptor_(socket.get(zmq::sockopt::fd)) {}

  [[nodiscard]] int descriptor() const { return descriptor_; }

  // False: there may be something to receive, whatever the descriptor says.
  [[nodiscard]] bool is_quiet() const { return is_quiet_; }

  // A receive has found nothing.
  void found_nothing() { is_quiet_ = true; }

  // The descriptor is readable, or something was sent.
  void may_have_news() { is_quiet_ = false; }

 private:
  const int descriptor_;
  bool is_quiet_ = false;
};

}  // namespace ccbus::bus
