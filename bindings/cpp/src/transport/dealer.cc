#include "bindings/cpp/src/transport/dealer.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>

namespace ccbus::transport {
namespace {

constexpr int kPipeMessagesMax = 10'000;
constexpr std::int64_t kMessageBytesMax = 100ll << 20;
constexpr int kHeartbeatIntervalMs = 5'000;
constexpr int kHeartbeatTimeoutMs = 15'000;

// Practically disables reconnecting by libzmq: the owner closes the socket after a loss and makes a
// new one. Not -1, which would disable it too, but with which libzmq drops messages that arrived
// before the loss and were not read yet.
constexpr int kReconnectMs = 24 * 3'600 * 1'000;

// With reconnecting off, CLOSED is the only event of a connection attempt that failed.
constexpr int kWatchedEvents =
    ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
    ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED |
    ZMQ_EVENT_CLOSED;

// Receives one frame if there is one. An interruption by a signal counts as none: the caller polls
// again.
bool receive_frame(zmq::socket_t& socket, zmq::message_t& message) {
  if (zmq_msg_recv(message.handle(), socket.handle(), ZMQ_DONTWAIT) >= 0) return true;
  if (zmq_errno() == EAGAIN || zmq_errno() == EINTR) return false;
  throw zmq::error_t();
}

// An interruption by a signal counts as the end of the wait.
void poll_each(std::span<pollfd> items, std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds kMax{std::numeric_limits<int>::max()};
  ::poll(items.data(), items.size(), static_cast<int>(std::min(timeout, kMax).count()));
}

}  // namespace

Dealer::Dealer(zmq::context_t& context, const std::string& endpoint, const curve::Keys& keys,
               std::uint64_t number)
    : socket_(context, zmq::socket_type::dealer),
      monitor_(context, zmq::socket_type::pair),
      has_keys_(!keys.empty()) {
  if (has_keys_) {
    socket_.set(zmq::sockopt::curve_serverkey, keys.server_key);
    socket_.set(zmq::sockopt::curve_publickey, keys.public_key);
    socket_.set(zmq::sockopt::curve_secretkey, keys.secret_key);
  }
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::reconnect_ivl, kReconnectMs);
  socket_.set(zmq::sockopt::sndhwm, kPipeMessagesMax);
  socket_.set(zmq::sockopt::rcvhwm, kPipeMessagesMax);
  socket_.set(zmq::sockopt::maxmsgsize, kMessageBytesMax);
  socket_.set(zmq::sockopt::heartbeat_ivl, kHeartbeatIntervalMs);
  socket_.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMs);
  const std::string address = "inproc://dealer-monitor-" + std::to_string(number);
  if (zmq_socket_monitor(socket_.handle(), address.c_str(), kWatchedEvents) != 0)
    throw zmq::error_t();
  monitor_.set(zmq::sockopt::linger, 0);
  monitor_.connect(address);
  socket_.connect(endpoint);
  socket_descriptor_ = socket_.get(zmq::sockopt::fd);
  monitor_descriptor_ = monitor_.get(zmq::sockopt::fd);
}

Dealer::~Dealer() {
  zmq_socket_monitor(socket_.handle(), nullptr, 0);
}

bool Dealer::send(zmq::message_t& message) {
  if (zmq_msg_send(message.handle(), socket_.handle(), ZMQ_DONTWAIT) >= 0) return true;
  if (zmq_errno() == EAGAIN || zmq_errno() == EINTR) return false;
  throw zmq::error_t();
}

Dealer::Received Dealer::receive(zmq::message_t& message) {
  if (!receive_frame(socket_, message)) return Received::kNothing;
  if (!message.more()) return Received::kMessage;
  while (message.more() && receive_frame(socket_, message)) {
  }
  return Received::kSeveralFrames;
}

Dealer::Link Dealer::link() {
  is_link_read_ = true;
  zmq::message_t event;
  while (receive_frame(monitor_, event)) {
    std::uint16_t number = 0;
    std::int32_t value = 0;
    std::memcpy(&number, event.data(), sizeof number);
    std::memcpy(&value, event.data<char>() + sizeof number, sizeof value);
    while (event.more() && receive_frame(monitor_, event)) {  // Skips the address.
    }
    if (number != ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
      link_ = Link::kLost;
      if (refusal_ == curve::Refusal::kNone) refusal_ = curve::refusal_of(number, value, has_keys_);
    } else if (link_ == Link::kConnecting) {
      link_ = Link::kUp;
    }
  }
  return link_;
}

Dealer::News Dealer::wait(Wish wish, int descriptor, std::chrono::milliseconds timeout) {
  if (!is_link_read_) return {true, false};
  // That receive() may have taken the news that the pipe has room again.
  if (wish == Wish::kSend && socket_.get(zmq::sockopt::events) != 0) timeout = {};
  std::array<pollfd, 3> items{};
  items[0] = {socket_descriptor_, POLLIN, 0};
  items[1] = {monitor_descriptor_, POLLIN, 0};
  items[2] = {descriptor, POLLIN, 0};
  poll_each(items, timeout);
  return {items[1].revents != 0, items[2].revents != 0};
}

bool wait_readable(int descriptor, std::chrono::milliseconds timeout) {
  std::array<pollfd, 1> items{{{descriptor, POLLIN, 0}}};
  poll_each(items, timeout);
  return items[0].revents != 0;
}

std::string parse_endpoint(const std::string& address) {
  const std::string endpoint =
      address.find("://") == std::string::npos ? "tcp://" + address : address;
  const auto colon = endpoint.rfind(':');
  const bool has_port = colon != std::string::npos && colon + 1 < endpoint.size() &&
                        endpoint.find_first_not_of("0123456789", colon + 1) == std::string::npos;
  if (endpoint.starts_with("tcp://") && (!has_port || colon <= std::strlen("tcp://")))
    throw std::invalid_argument("'" + address + "' is not an address: host:port is expected");
  return endpoint;
}

std::chrono::milliseconds poll_timeout(std::chrono::steady_clock::duration timeout) {
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(timeout);
  return std::max(rounded, std::chrono::milliseconds{0});
}

}  // namespace ccbus::transport
