#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <zmq.hpp>

#include "ccbus/curve/keys.h"
#include "ccbus/curve/refusal.h"

namespace ccbus::transport {

// One connection to a ROUTER, and its socket monitor. A Dealer connects only once: after kLost its
// owner makes a new one, so that a message of an old connection cannot be taken for one of a new
// connection.
//
// Thread:   only the one that constructed it.
// Blocks:   only in wait().
// Lifetime: the context must outlive it. The destructor drops messages that have not been sent.
class Dealer {
 public:
  enum class Link { kConnecting, kUp, kLost };
  enum class Received { kNothing, kMessage, kSeveralFrames };
  struct News {
    bool of_link;
    bool of_descriptor;
  };

  // `number` must be unique among the Dealers of one context: it names the monitor.
  // Errors: zmq::error_t for an endpoint that libzmq refuses.
  Dealer(zmq::context_t& context, const std::string& endpoint, const curve::Keys& keys,
         std::uint64_t number);
  Dealer(const Dealer&) = delete;
  Dealer& operator=(const Dealer&) = delete;
  ~Dealer();

  // Returns false if the pipe is full; `message` is then unchanged.
  [[nodiscard]] bool send(zmq::message_t& message);

  // With kSeveralFrames the whole message has been discarded: a valid message has only one frame.
  [[nodiscard]] Received receive(zmq::message_t& message);

  // The state of the connection according to the monitor. Messages that arrived before a loss can
  // still be received.
  [[nodiscard]] Link link();

  // Why the handshake failed, if it did: after link() has returned kLost.
  [[nodiscard]] curve::Refusal refusal() const { return refusal_; }

  // Waits until there may be something to receive or news of the link, or `descriptor`, if it is
  // not -1, can be read, or for `timeout`, if it is not negative. With Wish::kSend also until
  // send() may succeed again.
  //
  // The last call before it must have been a receive() that returned kNothing, or link(): libzmq
  // tells of each piece of news only once.
  enum class Wish { kReceive, kSend };
  [[nodiscard]] News wait(Wish wish, int descriptor, std::chrono::milliseconds timeout);

 private:
  zmq::socket_t socket_;
  zmq::socket_t monitor_;
  int socket_descriptor_;
  int monitor_descriptor_;
  bool is_link_read_ = false;  // Until then libzmq tells no news of it.
  Link link_ = Link::kConnecting;
  const bool has_keys_;
  curve::Refusal refusal_ = curve::Refusal::kNone;
};

// Returns tcp://host:port for host:port, and anything with a scheme unchanged.
// Errors: std::invalid_argument.
[[nodiscard]] std::string parse_endpoint(const std::string& address);

// Waits until the descriptor can be read, or for `timeout`, if it is not negative.
[[nodiscard]] bool wait_readable(int descriptor, std::chrono::milliseconds timeout);

// Rounds `timeout` up for a poll, so that the deadline has passed when the poll returns.
[[nodiscard]] std::chrono::milliseconds poll_timeout(std::chrono::steady_clock::duration timeout);

}  // namespace ccbus::transport
