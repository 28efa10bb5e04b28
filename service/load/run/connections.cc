#include "service/load/run/connections.h"

#include <array>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "ccbus/curve/refusal.h"
#include "service/load/run/run_failed.h"

namespace ccbus::load {
namespace {

// Far more messages than a connection can have waiting, since the open requests are limited.
constexpr int kPipeMessagesMax = 100'000;

// The routing id of a connection, on this side only. It must not begin with a zero byte, which
// libzmq reserves for its own ids.
using RoutingId = std::array<char, 5>;

RoutingId routing_id(std::uint32_t connection) {
  RoutingId id{'c'};
  std::memcpy(id.data() + 1, &connection, sizeof connection);
  return id;
}

std::uint32_t connection_of(const zmq::message_t& routing_id) {
  std::uint32_t connection = 0;
  if (routing_id.size() != std::tuple_size_v<RoutingId>) {
    throw std::runtime_error("a frame of no connection");
  }
  std::memcpy(&connection, routing_id.data<char>() + 1, sizeof connection);
  return connection;
}

}  // namespace

void use_keys(zmq::socket_t& socket, const curve::Keys& keys) {
  if (keys.empty()) return;
  socket.set(zmq::sockopt::curve_serverkey, keys.server_key);
  socket.set(zmq::sockopt::curve_publickey, keys.public_key);
  socket.set(zmq::sockopt::curve_secretkey, keys.secret_key);
}

Connections::Connections(zmq::context_t& context, std::string endpoint, const curve::Keys& keys,
                         const std::string& name)
    : endpoint_(std::move(endpoint)),
      has_keys_(!keys.empty()),
      socket_(context, zmq::socket_type::router),
      monitor_(context, zmq::socket_type::pair) {
  use_keys(socket_, keys);
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::router_mandatory, true);
  socket_.set(zmq::sockopt::sndhwm, kPipeMessagesMax);
  socket_.set(zmq::sockopt::rcvhwm, kPipeMessagesMax);
  const std::string address = "inproc://lost-" + name;
  constexpr int kWatched = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                           ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
  if (zmq_socket_monitor(socket_.handle(), address.c_str(), kWatched) != 0) {
    throw zmq::error_t();
  }
  monitor_.set(zmq::sockopt::linger, 0);
  monitor_.connect(address);
  descriptor_ = socket_.get(zmq::sockopt::fd);
}

Connections::~Connections() {
  zmq_socket_monitor(socket_.handle(), nullptr, 0);
}

std::uint32_t Connections::open() {
  const RoutingId id = routing_id(size_);
  // cppzmq has no typed option for it.
  if (zmq_setsockopt(socket_.handle(), ZMQ_CONNECT_ROUTING_ID, id.data(), id.size()) != 0) {
    throw zmq::error_t();
  }
  try {
    socket_.connect(endpoint_);
  } catch (const zmq::error_t& error) {
    throw RunFailed({ErrorCode::kInvalid, "'" + endpoint_ + "' is no address to connect to (" +
                                              error.what() + "); tcp://127.0.0.1:7051 is one"});
  }
  return size_++;
}

void Connections::send(std::uint32_t connection, const google::protobuf::MessageLite& message) {
  zmq::message_t frame(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(frame.data<std::uint8_t>());
  send(connection, std::move(frame));
}

void Connections::send_empty(std::uint32_t connection) {
  send(connection, zmq::message_t());
}

void Connections::send(std::uint32_t connection, zmq::message_t frame) {
  const std::size_t size = frame.size();
  const RoutingId id = routing_id(connection);
  const bool is_routed =
      socket_.send(zmq::buffer(id), zmq::send_flags::sndmore | zmq::send_flags::dontwait)
          .has_value();
  if (!is_routed || !socket_.send(frame, zmq::send_flags::dontwait)) {
    throw std::runtime_error("connection " + std::to_string(connection) + " to " + endpoint_ +
                             " takes no more messages: the service does not read them");
  }
  bytes_sent_ += size;
}

std::optional<Connections::Received> Connections::receive() {
  if (!socket_.recv(frame_, zmq::recv_flags::dontwait)) return std::nullopt;
  const std::uint32_t connection = connection_of(frame_);
  // Does not block: all frames of a message arrive together.
  static_cast<void>(socket_.recv(frame_, zmq::recv_flags::dontwait));
  bytes_received_ += frame_.size();
  return Received{connection, {frame_.data<std::byte>(), frame_.size()}};
}

std::uint32_t Connections::lost() {
  zmq::message_t event;
  while (monitor_.recv(event, zmq::recv_flags::dontwait)) {
    zmq::message_t address;
    static_cast<void>(monitor_.recv(address, zmq::recv_flags::dontwait));
    std::uint16_t number = 0;
    std::int32_t value = 0;
    std::memcpy(&number, event.data(), sizeof number);
    std::memcpy(&value, event.data<char>() + sizeof number, sizeof value);
    const std::string_view refusal = curve::describe(curve::refusal_of(number, value, has_keys_));
    if (!refusal.empty()) {
      throw RunFailed({ErrorCode::kDenied, endpoint_ + ": " + std::string(refusal)});
    }
    if (number == ZMQ_EVENT_DISCONNECTED) ++lost_;
  }
  return lost_;
}

}  // namespace ccbus::load
