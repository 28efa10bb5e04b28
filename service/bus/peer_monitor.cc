#include "service/bus/peer_monitor.h"

#include <cstring>

#include "service/base/assert.h"

namespace ccbus::bus {
namespace {

constexpr int kWatched = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED |
                         ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                         ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

using Kind = PeerMonitor::ConnectionEvent::Kind;

Kind kind_of(std::uint16_t event, std::int32_t value) {
  switch (event) {
    case ZMQ_EVENT_ACCEPTED: return Kind::kAccepted;
    case ZMQ_EVENT_DISCONNECTED: return Kind::kDisconnected;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return Kind::kRefused;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      if (value == ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC) return Kind::kOtherServerKey;
      if (value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH) return Kind::kOtherMechanism;
      return Kind::kHandshakeFailed;
    default: return Kind::kHandshakeFailed;
  }
}

}  // namespace

PeerMonitor::PeerMonitor(zmq::context_t& context, zmq::socket_t& watched, const std::string& name)
    : watched_(watched), events_(context, zmq::socket_type::pair) {
  const std::string address = "inproc://monitor-" + name;
  const int watching = zmq_socket_monitor(watched.handle(), address.c_str(), kWatched);
  if (watching != 0) throw zmq::error_t();
  // No limit: if one event were lost, a peer that has left would stay registered for ever.
  events_.set(zmq::sockopt::rcvhwm, 0);
  events_.set(zmq::sockopt::linger, 0);
  events_.connect(address);
  descriptor_ = events_.get(zmq::sockopt::fd);
  // Until a first receive has found nothing, libzmq need not make the descriptor readable. There is
  // nothing yet: the socket is not bound.
  const auto early = next();
  CCBUS_ASSERT(!early);
}

PeerMonitor::~PeerMonitor() {
  zmq_socket_monitor(watched_.handle(), nullptr, 0);
}

std::optional<PeerMonitor::ConnectionEvent> PeerMonitor::next() {
  zmq::message_t event;
  if (!events_.recv(event, zmq::recv_flags::dontwait)) return std::nullopt;
  zmq::message_t address;
  const auto received = events_.recv(address, zmq::recv_flags::dontwait);
  // The two frames of one event arrive together. The first is 16 bits of event and 32 bits of
  // value, the second is the address.
  CCBUS_ASSERT(received && event.size() == 6);
  std::uint16_t number = 0;
  std::int32_t value = 0;
  std::memcpy(&number, event.data<char>(), sizeof number);
  std::memcpy(&value, event.data<char>() + sizeof number, sizeof value);
  const Kind kind = kind_of(number, value);
  const bool failed = kind != Kind::kAccepted && kind != Kind::kDisconnected;
  return ConnectionEvent{kind, failed ? -1 : value, address.to_string(), failed ? value : 0};
}

}  // namespace ccbus::bus
