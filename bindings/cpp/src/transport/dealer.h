#pragma once

#include <chrono>
#include <string>
#include <zmq.hpp>

namespace ccbus::transport {

// One connection to a ROUTER and the monitor that watches it. A Dealer connects once and never
// again: whoever owns it makes a new one after kLost, so that a message of an old connection can
// not be taken for one of the new.
//
// Thread:   the one that made it, for everything.
// Blocks:   never.
// Lifetime: within the context's. The destructor drops what has not been sent.
class Dealer {
 public:
  enum class Link { kConnecting, kUp, kLost };
  enum class Received { kNothing, kMessage, kSeveralFrames };

  // Errors: zmq::error_t for an endpoint that libzmq refuses.
  Dealer(zmq::context_t& context, const std::string& endpoint);
  Dealer(const Dealer&) = delete;
  Dealer& operator=(const Dealer&) = delete;
  ~Dealer();

  // False when the pipe is full; `message` is untouched then.
  [[nodiscard]] bool send(zmq::message_t& message);

  // kSeveralFrames has taken the whole message off the socket; no message of ours has several.
  [[nodiscard]] Received receive(zmq::message_t& message);

  // What the monitor has seen until now. Messages that came before a loss are still to be received.
  [[nodiscard]] Link link();

  // For zmq::poll.
  [[nodiscard]] zmq::socket_ref socket() { return socket_; }
  [[nodiscard]] zmq::socket_ref monitor() { return monitor_; }

 private:
  zmq::socket_t socket_;
  zmq::socket_t monitor_;
  Link link_ = Link::kConnecting;
};

// tcp://host:port for host:port; anything with a scheme as it is.
// Errors: std::invalid_argument, for people.
[[nodiscard]] std::string parse_endpoint(const std::string& address);

// `timeout` for zmq::poll: rounded up, so that a deadline has passed when the poll returns.
[[nodiscard]] std::chrono::milliseconds poll_timeout(std::chrono::steady_clock::duration timeout);

}  // namespace ccbus::transport
