#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <thread>

#include "service/base/log.h"
#include "service/metrics/metrics.h"
#include "zmq.hpp"

namespace ccbus::bus {

// Says who may connect. Called on the admission thread; must not block.
class KeyCheck {
 public:
  enum class Verdict { kAllowed, kUnknown, kExpired };

  virtual ~KeyCheck() = default;

  // `public_key` is a CURVE key in Z85; its owner has proved that the secret key is his.
  [[nodiscard]] virtual Verdict check(std::string_view public_key) = 0;
};

// The ZAP handler (ZeroMQ RFC 27) of a context, on a thread of its own: libzmq asks it during every
// handshake of the sockets that have a ZAP domain. Only CURVE is admitted. The public key becomes
// the user id of the connection, and so of each of its messages.
//
// Thread:   any. Construct it before such a socket is bound: a handshake without a handler fails.
// Blocks:   the destructor, until the thread has ended.
// Lifetime: the references outlive it.
class Admission {
 public:
  // Throws zmq::error_t if the context has a handler already.
  Admission(zmq::context_t& context, KeyCheck& keys, Logger& logger, Counters& counters);
  ~Admission();
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

 private:
  void run(zmq::socket_t handler, zmq::socket_t stop);
  void answer(zmq::socket_t& handler);
  [[nodiscard]] bool admit(std::string_view domain, std::string_view address,
                           std::string_view public_key);

  KeyCheck& keys_;
  Logger& logger_;
  Counters& counters_;
  zmq::socket_t stop_;  // A message here ends the thread.
  std::thread thread_;
};

}  // namespace ccbus::bus
