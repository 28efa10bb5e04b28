#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ccbus/curve/keys.h"
#include "zmq.hpp"

namespace ccbus::load {

// Has the connections of a socket use these keys, if there are any.
void use_keys(zmq::socket_t& socket, const curve::Keys& keys);

// Many connections to one endpoint over one socket.
//
// A DEALER for each would need two descriptors, a pair of pipes and an entry in a poll set each.
// One ROUTER that calls connect() many times needs one descriptor for each connection and one poll
// for all: before each connect(), ZMQ_CONNECT_ROUTING_ID names the connection, on this side only.
// The other side cannot tell it from a DEALER, since no routing id is sent.
//
// Single connections cannot be closed, since zmq_disconnect() ends all connections to the endpoint.
// It is also not known which connection was lost; lost() returns how many were.
//
// Thread: one. Blocks: never.
class Connections {
 public:
  struct Received {
    std::uint32_t connection;
    std::span<const std::byte> frame;  // Valid until the next receive().
  };

  // `name` must be unique among the Connections of one context: it names the socket's monitor.
  // Throws zmq::error_t.
  Connections(zmq::context_t& context, std::string endpoint, const curve::Keys& keys,
              const std::string& name);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // Opens one more connection and returns its number; they are numbered from 0. Messages to it wait
  // until it is established. Throws RunFailed if the endpoint is invalid.
  std::uint32_t open();
  [[nodiscard]] std::uint32_t size() const { return size_; }

  // Throws std::runtime_error if the connection's queue is full because the other side does not
  // read.
  void send(std::uint32_t connection, const google::protobuf::MessageLite& message);
  void send_empty(std::uint32_t connection);

  // Returns the next frame of any connection, or nullopt if there is none. After nullopt,
  // descriptor() becomes readable when a frame arrives; but after a send, call receive() until it
  // returns nullopt before waiting for the descriptor.
  [[nodiscard]] std::optional<Received> receive();
  [[nodiscard]] int descriptor() const { return descriptor_; }

  // How many connections were established and then lost. Costs a system call.
  // Throws RunFailed if the service does not accept the keys.
  [[nodiscard]] std::uint32_t lost();

  [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }
  [[nodiscard]] std::uint64_t bytes_received() const { return bytes_received_; }

 private:
  void send(std::uint32_t connection, zmq::message_t frame);

  const std::string endpoint_;
  const bool has_keys_;
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
