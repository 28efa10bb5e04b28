#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "zmq.hpp"

namespace ccbus::load {

// A ROUTER, as the service has at each endpoint.
class RouterPeer {
 public:
  struct Message {
    std::string sender;
    std::string bytes;
  };

  explicit RouterPeer(zmq::context_t& context) : router_(context, zmq::socket_type::router) {
    router_.set(zmq::sockopt::linger, 0);
    router_.set(zmq::sockopt::rcvtimeo, 10'000);
    router_.bind("tcp://127.0.0.1:*");
  }

  [[nodiscard]] std::string endpoint() const { return router_.get(zmq::sockopt::last_endpoint); }

  // Waits for the next message, which must have one frame.
  [[nodiscard]] Message receive() {
    zmq::message_t sender;
    zmq::message_t frame;
    REQUIRE(router_.recv(sender));
    REQUIRE(router_.recv(frame));
    CHECK_FALSE(frame.more());
    return {sender.to_string(), frame.to_string()};
  }

  void send(const std::string& to, const std::string& bytes) {
    router_.send(zmq::buffer(to), zmq::send_flags::sndmore);
    router_.send(zmq::buffer(bytes), zmq::send_flags::none);
  }

 private:
  zmq::socket_t router_;
};

}  // namespace ccbus::load
