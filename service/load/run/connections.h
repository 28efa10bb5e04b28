#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "zmq.hpp"

namespace ccbus::load {

// Any number of connections to one endpoint on one socket.
//
// A DEALER for each would need two descriptors, a pair of pipes and an entry in a poll set each.
// One ROUTER that connects again and again needs one descriptor for each connection, and one poll
// for all: every connect() is preceded by ZMQ_CONNECT_ROUTING_ID, which names the connection on
// this side only. The other side cannot tell it from a DEALER, since no routing id is sent.
//
// A connection that is lost is not told apart from the others: zmq_disconnect() ends all that have
// the same endpoint, and so would giving up one of them. lost() says how many went.
//
// Thread: one. Blocks: never.
class Connections {
 public:
  struct Received {
    std::uint32_t connection;
    std::span<const std::byte> frame;  // Until the next receive().
  };

  // `name` tells the monitors of one context apart. Throws zmq::error_t.
  Connections(zmq::context_t& context, std::string endpoint, const std::string& name);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // One more; they are numbered from 0. What is sent to it waits until it is there. Throws
  // RunFailed where the endpoint is none.
  std::uint32_t open();
  [[nodiscard]] std::uint32_t size() const { return size_; }

  // Throws std::runtime_error where the connection takes no more: the other side does not read.
  void send(std::uint32_t connection, const google::protobuf::MessageLite& message);
  void send_empty(std::uint32_t connection);

  // The next frame of any. Nothing: descriptor() becomes readable when there is one, unless
  // something is sent before; then another receive() has to come up empty first.
  [[nodiscard]] std::optional<Received> receive();
  [[nodiscard]] int descriptor() const { return descriptor_; }

  // Connections that were there and went. Costs a system call.
  [[nodiscard]] std::uint32_t lost();

  [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }
  [[nodiscard]] std::uint64_t bytes_received() const { return bytes_received_; }

 private:
  void send(std::uint32_t connection, zmq::message_t frame);

  const std::string endpoint_;
  zmq::socket_t socket_;
  zmq::socket_t monitor_;
  int descriptor_ = -1;
  std::uint32_t size_ = 0;
  std::uint32_t lost_ = 0;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
  zmq::message_t frame_;
};

}  // namespace ccbus::load
