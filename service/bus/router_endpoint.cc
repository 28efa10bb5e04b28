#include "service/bus/router_endpoint.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

#include "service/base/assert.h"
#include "service/base/fixed_int.h"

namespace ccbus::bus {
namespace {

constexpr std::size_t kGoneRemembered = 4096;
constexpr int kConnectionsWaiting = 4096;  // In the kernel, not yet accepted.
// Frames are held back up to these limits, so that one wake-up of libzmq's thread sends several.
// With higher limits the peers would wait idle for frames that are ready.
constexpr std::size_t kHeldFramesMax = 16;
constexpr std::size_t kHeldBytesMax = 8192;
constexpr int kProbesUnanswered = 2;  // After these the kernel closes the connection.
constexpr int kLingerMs = 500;        // For the last frames at shutdown.
constexpr int kHandshakeMs = 10'000;  // Then libzmq closes the connection.

// libzmq's own routing ids begin with a zero byte; a peer may not choose one that does.
bool is_given_by_router(std::string_view routing_id) {
  return !routing_id.empty() && routing_id.front() == '\0';
}

// Whether a routing id that the ROUTER gave was given before another one that it gave: after the
// zero byte it counts in 32 bits, most significant first. False if one of them was chosen by its
// peer.
bool is_older(std::string_view id, std::string_view than) {
  constexpr std::size_t kGivenBytes = 5;
  if (id.size() != kGivenBytes || than.size() != kGivenBytes) return false;
  if (!is_given_by_router(id) || !is_given_by_router(than)) return false;
  const auto number = [](std::string_view given) {
    return read_fixed<std::uint32_t>(given.substr(1));
  };
  return static_cast<std::int32_t>(number(id) - number(than)) < 0;
}

// Returns host:port of the other end of a TCP connection; empty for any other descriptor.
std::string remote_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t bytes = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (getpeername(descriptor, generic, &bytes) != 0) return {};
  if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return {};
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (getnameinfo(generic, bytes, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  const bool is_v6 = std::string_view(host.data()).find(':') != std::string_view::npos;
  return (is_v6 ? "[" + std::string(host.data()) + "]" : std::string(host.data())) + ":" +
         port.data();
}

// Returns the descriptor of the connection that a message came by; -1 if it has none, as over
// inproc.
int descriptor_of(zmq::message_t& frame) {
  return zmq_msg_get(frame.handle(), ZMQ_SRCFD);
}

zmq::socket_t bound_router(zmq::context_t& context, const RouterEndpoint::Options& options) {
  zmq::socket_t socket(context, zmq::socket_type::router);
  socket.set(zmq::sockopt::router_mandatory, true);
  socket.set(zmq::sockopt::sndhwm, options.pipe_messages_max);
  socket.set(zmq::sockopt::rcvhwm, options.pipe_messages_max);
  // Above our own limit, so that a message that is a little too large is refused with a reason.
  // libzmq closes the connection without one if a message is larger than this.
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(options.received_bytes_max) * 2);
  socket.set(zmq::sockopt::backlog, kConnectionsWaiting);
  socket.set(zmq::sockopt::linger, kLingerMs);
  socket.set(zmq::sockopt::handshake_ivl, kHandshakeMs);
  // The kernel finds peers that vanish without closing the connection: it probes silent
  // connections, and what was sent has to be acknowledged in time. ZMTP heartbeats of a ROUTER
  // would do the same at a cost that grows with the square of the connections
  // (docs/performance.md).
  const int interval_s = static_cast<int>(options.probe_interval.count());
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, interval_s);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, interval_s);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, kProbesUnanswered);
  socket.set(zmq::sockopt::tcp_maxrt, 1000 * interval_s * (1 + kProbesUnanswered));
  return socket;
}

}  // namespace

RouterEndpoint::RouterEndpoint(zmq::context_t& context, Options options, EndpointListener& listener,
                               Logger& logger, Counters& counters)
    : options_(std::move(options)),
      listener_(listener),
      logger_(logger),
      counters_(counters),
      socket_(bound_router(context, options_)),
      readiness_(socket_),
      monitor_(context, socket_, options_.name),
      connections_({.ahead_bytes_max = 2 * options_.received_bytes_max,
                    .ahead_bytes_total = options_.received_total_max,
                    .first_message = options_.first_message}),
      counted_bytes_(std::make_shared<ByteBudget>(options_.backlog_total_max)) {
  try {
    socket_.bind(options_.address);
  } catch (const zmq::error_t& error) {
    throw std::runtime_error("cannot listen on " + options_.address + ": " + error.what());
  }
}

std::string RouterEndpoint::address() const {
  return socket_.get(zmq::sockopt::last_endpoint);
}

int RouterEndpoint::receive(Now now, int messages_max) {
  CCBUS_ASSERT(on_bus_thread());
  zmq::message_t routing_id;
  zmq::message_t frame;
  int count = 0;
  while (count < messages_max) {
    if (!socket_.recv(routing_id, zmq::recv_flags::dontwait)) {
      readiness_.found_nothing();
      break;
    }
    ++count;
    static_cast<void>(socket_.recv(frame, zmq::recv_flags::dontwait));
    dispatch(now, routing_id.to_string_view(), frame);
  }
  return count;
}

void RouterEndpoint::dispatch(Now now, std::string_view routing_id, zmq::message_t& frame) {
  Peer* peer = find(now, routing_id, frame);
  Connections::Connection* const connection = peer == nullptr ? nullptr : peer->connection;
  if (connection != nullptr) connection->deliver(frame.size());
  int frames = 1;
  for (bool more = frame.more(); more; ++frames) {
    zmq::message_t surplus;
    static_cast<void>(socket_.recv(surplus, zmq::recv_flags::dontwait));
    if (connection != nullptr) connection->deliver(surplus.size());
    more = surplus.more();
  }
  if (peer == nullptr) return;
  peer->last_heard = now.steady;
  const PeerId id = peer->id;
  try {
    if (peer->refused) {
      listener_.on_malformed(now, id,
                             "too many connections: the limit is " +
                                 std::to_string(options_.peers_max) + " (limits.peers)");
    } else if (frames > 1) {
      listener_.on_malformed(now, id,
                             "a message of " + std::to_string(frames) + " frames: one is allowed");
    } else {
      listener_.on_message(now, id, {frame.data<std::byte>(), frame.size()});
    }
  } catch (const std::exception& error) {
    // The last catch: an exception is a bug. It is logged as an error and costs this one message;
    // the listener decides what becomes of the peer.
    logger_.error("bus.exception endpoint={} peer={} what={}", options_.name, id.value,
                  error.what());
    listener_.on_malformed(now, id, "internal error");
  }
}

RouterEndpoint::Peer* RouterEndpoint::find(Now now, std::string_view routing_id,
                                           zmq::message_t& frame) {
  const auto at = peers_.find(routing_id);
  if (at != peers_.end()) {
    // A routing id that the peer chose may come back with another connection.
    if (is_given_by_router(routing_id) || at->second->descriptor == descriptor_of(frame)) {
      return at->second.get();
    }
    forget(now, *at->second);
  }
  drain_monitor(now);  // The descriptor may still be registered for a connection that has ended.
  if (!options_.handles_last_messages && gone_.contains(routing_id)) {
    counters_.add(Counter::kPeersLateMessages);
    return nullptr;
  }
  return meet(now, routing_id, descriptor_of(frame));
}

RouterEndpoint::Peer* RouterEndpoint::meet(Now now, std::string_view routing_id, int descriptor) {
  Connections::Connection* connection = connections_.find(descriptor);
  if (const auto at = by_descriptor_.find(descriptor); at != by_descriptor_.end()) {
    if (is_older(routing_id, at->second->routing_id)) {
      connection = nullptr;  // Its descriptor is in use again.
    } else {
      forget(now, *at->second);
    }
  }
  const bool has_ended = descriptor >= 0 && connection == nullptr;
  if (has_ended && !options_.handles_last_messages) {
    counters_.add(Counter::kPeersLateMessages);
    return nullptr;
  }
  Peer& peer = add(routing_id, descriptor, connection);
  if (has_ended) found_gone_.push_back(peer.id);
  return &peer;
}

RouterEndpoint::Peer& RouterEndpoint::add(std::string_view routing_id, int descriptor,
                                          Connections::Connection* connection) {
  auto peer = std::make_unique<Peer>();
  last_id_ = PeerId{last_id_.value + 1};
  peer->id = last_id_;
  peer->routing_id = routing_id;
  peer->descriptor = descriptor;
  peer->connection = connection;
  peer->refused = by_id_.size() >= options_.peers_max;
  if (peer->refused) {
    refused_.push_back(peer->id);
    logger_.warn("bus.peer_refused endpoint={} peer={} limit={}", options_.name, peer->id.value,
                 options_.peers_max);
  }
  counters_.add(Counter::kPeersConnected);
  by_id_.emplace(peer->id, peer.get());
  if (connection != nullptr) by_descriptor_.emplace(descriptor, peer.get());
  return *peers_.emplace(std::string(routing_id), std::move(peer)).first->second;
}

void RouterEndpoint::drain_monitor(Now now) {
  CCBUS_ASSERT(on_bus_thread());
  while (const auto event = monitor_.next()) {
    using Kind = PeerMonitor::ConnectionEvent::Kind;
    if (event->kind == Kind::kHandshakeFailed) {
      logger_.warn("bus.handshake_failed endpoint={} reason={}", options_.name, event->reason);
      continue;
    }
    // Also for kAccepted: a new connection has nothing to do with the last owner of its descriptor.
    const auto at = by_descriptor_.find(event->descriptor);
    if (at != by_descriptor_.end()) forget(now, *at->second);
    if (event->kind == Kind::kAccepted) {
      connections_.accepted(now, event->descriptor);
    } else {
      connections_.ended(event->descriptor);
    }
  }
}

void RouterEndpoint::forget(Now now, Peer& peer) {
  const PeerId id = peer.id;
  logger_.debug("bus.peer_gone endpoint={} peer={}", options_.name, id.value);
  counters_.add(Counter::kPeersGone);
  if (is_given_by_router(peer.routing_id)) {
    gone_order_.push_back(peer.routing_id);
    gone_.insert(peer.routing_id);
    if (gone_order_.size() > kGoneRemembered) {
      gone_.erase(gone_order_.front());
      gone_order_.pop_front();
    }
  }
  backlogged_.erase(id);
  queued_bytes_ -= peer.queued_bytes;
  if (peer.connection != nullptr) by_descriptor_.erase(peer.descriptor);
  by_id_.erase(id);
  peers_.erase(peers_.find(std::string_view(peer.routing_id)));
  listener_.on_peer_gone(now, id);
}

std::optional<RouterEndpoint::PeerReport> RouterEndpoint::report(PeerId id) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return std::nullopt;
  const Peer& peer = *at->second;
  return PeerReport{remote_of(peer.descriptor), peer.last_heard, peer.queued_messages,
                    peer.bytes()};
}

std::vector<PeerId> RouterEndpoint::connected() const {
  std::vector<PeerId> ids;
  ids.reserve(by_id_.size());
  for (const auto& [id, peer] : by_id_) ids.push_back(id);
  return ids;
}

Result<void> RouterEndpoint::send(PeerId id, zmq::message_t frame) {
  CCBUS_ASSERT(on_bus_thread());
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return fail(ErrorCode::kPeerGone, "the peer has left");
  Peer& peer = *at->second;
  if (frame.size() > options_.message_bytes_max) {
    return fail(ErrorCode::kInvalid,
                "a message of " + std::to_string(frame.size()) + " bytes exceeds the limit of " +
                    std::to_string(options_.message_bytes_max) + " (peer.maxRecvMsgSize)");
  }
  if (!has_room(peer, frame.size())) release_held();
  if (!has_room(peer, frame.size())) {
    return fail(ErrorCode::kExhausted, "its queue holds " + std::to_string(peer.queued_messages) +
                                           " messages of " + std::to_string(peer.bytes()) +
                                           " bytes; the limits are " +
                                           std::to_string(options_.backlog_messages_max) + " and " +
                                           std::to_string(options_.backlog_bytes_max));
  }
  make_room_in_total(frame.size());
  hold(peer, std::move(frame));
  return {};
}

bool RouterEndpoint::has_room(const Peer& peer, std::size_t bytes) const {
  return peer.queued_messages < options_.backlog_messages_max &&
         peer.bytes() + bytes <= options_.backlog_bytes_max;
}

// At the limit of all peers the one that makes most use of it is cut; its bytes are freed when
// libzmq closes its connection. The others are sent what is theirs.
void RouterEndpoint::make_room_in_total(std::size_t bytes) {
  const std::size_t held = queued_bytes_ + counted_bytes_->used();
  if (held + bytes <= options_.backlog_total_max) return;
  if (by_id_.contains(cut_for_total_)) return;  // Its bytes are about to be freed.
  const auto largest = std::max_element(
      by_id_.begin(), by_id_.end(),
      [](const auto& a, const auto& b) { return a.second->bytes() < b.second->bytes(); });
  cut_for_total_ = largest->first;
  cut(cut_for_total_, "for all peers " + std::to_string(held) + " bytes are queued, limit " +
                          std::to_string(options_.backlog_total_max) +
                          " (limits.backlogTotalBytes), and for this one most: " +
                          std::to_string(largest->second->bytes()));
}

void RouterEndpoint::cut(PeerId id, std::string_view reason) {
  const auto at = by_id_.find(id);
  if (at == by_id_.end() || at->second->connection == nullptr || at->second->is_cut) return;
  at->second->is_cut = true;
  cut_connection(at->second->descriptor, reason);
}

void RouterEndpoint::cut_connection(int descriptor, std::string_view reason) {
  const auto peer = by_descriptor_.find(descriptor);
  logger_.warn("bus.connection_cut endpoint={} peer={} remote={} reason={:?}", options_.name,
               peer == by_descriptor_.end() ? 0 : peer->second->id.value, remote_of(descriptor),
               reason);
  counters_.add(Counter::kConnectionsCut);
  connections_.cut(descriptor);
}

void RouterEndpoint::look(Now now) {
  CCBUS_ASSERT(on_bus_thread());
  drain_monitor(now);
  for (const Connections::Offence& offence : connections_.look(now)) {
    cut_connection(offence.descriptor, offence.reason);
  }
  for (const PeerId id : std::exchange(refused_, {})) cut(id, "limits.peers is reached");
}

void RouterEndpoint::send_end(PeerId id) {
  CCBUS_ASSERT(on_bus_thread());
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return;
  if (send(id, zmq::message_t())) return;
  Peer& peer = *at->second;
  peer.backlog.clear();
  peer.queued_messages = 0;
  queued_bytes_ -= std::exchange(peer.queued_bytes, 0);
  hold(peer, zmq::message_t());
}

void RouterEndpoint::hold(Peer& peer, zmq::message_t frame) {
  const std::size_t bytes = frame.size();
  ++peer.queued_messages;
  held_bytes_ += bytes;
  if (bytes >= kCountedFrameBytes) {
    frame = counted(std::move(frame), peer.counted_bytes, counted_bytes_);
  } else {
    peer.queued_bytes += bytes;
    queued_bytes_ += bytes;
  }
  held_.push_back({peer.id, std::move(frame)});
  if (held_.size() >= kHeldFramesMax || held_bytes_ >= kHeldBytesMax) release_held();
}

void RouterEndpoint::flush(Now now) {
  CCBUS_ASSERT(on_bus_thread());
  release_held();
  if (!backlogged_.empty()) flush_backlogs();
  if (!found_gone_.empty()) forget_gone(now);
}

// One frame of these bytes has left the queue of a peer.
void RouterEndpoint::unqueue(Peer& peer, std::size_t bytes) {
  --peer.queued_messages;
  if (bytes >= kCountedFrameBytes) return;  // Until libzmq has written it.
  peer.queued_bytes -= bytes;
  queued_bytes_ -= bytes;
}

void RouterEndpoint::forget_gone(Now now) {
  for (const PeerId id : std::exchange(found_gone_, {})) {
    const auto at = by_id_.find(id);
    if (at != by_id_.end()) forget(now, *at->second);
  }
}

void RouterEndpoint::release_held() {
  for (auto& [id, frame] : held_) {
    const auto at = by_id_.find(id);
    if (at == by_id_.end()) continue;
    Peer& peer = *at->second;
    const std::size_t bytes = frame.size();
    if (peer.backlog.empty() && try_send(peer, frame) != Sent::kPipeFull) {
      unqueue(peer, bytes);  // Sent, or the peer has left.
      continue;
    }
    if (peer.backlog.empty()) {
      backlogged_.insert(id);
      logger_.debug("bus.pipe_full endpoint={} peer={}", options_.name, id.value);
    }
    peer.backlog.push_back(std::move(frame));
  }
  held_.clear();
  held_bytes_ = 0;
}

void RouterEndpoint::flush_backlogs() {
  std::vector<PeerId> done;
  for (const PeerId id : backlogged_) {
    Peer& peer = *by_id_.at(id);
    while (!peer.backlog.empty()) {
      const std::size_t bytes = peer.backlog.front().size();
      if (try_send(peer, peer.backlog.front()) == Sent::kPipeFull) break;
      peer.backlog.pop_front();
      unqueue(peer, bytes);
    }
    if (peer.backlog.empty()) done.push_back(id);
  }
  for (const PeerId id : done) backlogged_.erase(id);
}

RouterEndpoint::Sent RouterEndpoint::try_send(Peer& peer, zmq::message_t& frame) {
  constexpr auto kFlags = zmq::send_flags::dontwait | zmq::send_flags::sndmore;
  readiness_.may_have_news();
  try {
    if (!socket_.send(zmq::buffer(peer.routing_id), kFlags)) return Sent::kPipeFull;
    // A pipe that has taken the routing id also takes the frame.
    static_cast<void>(socket_.send(frame, zmq::send_flags::dontwait));
    return Sent::kYes;
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) throw;
    found_gone_.push_back(peer.id);
    return Sent::kPeerGone;
  }
}

}  // namespace ccbus::bus
