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
constexpr int kProbesUnanswered = 2;       // After these the kernel closes the connection.
constexpr int kConnectionsWaiting = 4096;  // In the kernel; libzmq has not accepted them.
#ifdef CCBUS_TEST_BUILD
constexpr bool kChecksPairs = true;
#else
constexpr bool kChecksPairs = false;
#endif
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

// Returns the key that the admission has admitted; empty if nobody is asked for one.
std::string_view public_key_of(zmq::message_t& frame) {
  const char* const user = zmq_msg_gets(frame.handle(), "User-Id");
  return user == nullptr ? std::string_view() : std::string_view(user);
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
  if (!options.secret_key.empty()) {
    socket.set(zmq::sockopt::curve_server, true);
    socket.set(zmq::sockopt::curve_secretkey, options.secret_key);
    socket.set(zmq::sockopt::zap_domain, options.name);  // Without one nobody is asked.
  }
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
      connections_({.open_max = options_.connections_max,
                    .shared = options_.shared_connections,
                    .ahead_bytes_max = 2 * options_.received_bytes_max,
                    .ahead_bytes_total = options_.received_total_max,
                    .first_message = options_.first_message}),
      queues_(socket_, readiness_, options_.name,
              {.frame_bytes_max = options_.message_bytes_max,
               .messages_max = options_.backlog_messages_max,
               .bytes_max = options_.backlog_bytes_max,
               .total_max = options_.backlog_total_max},
              logger_) {
  if (auto bound = listeners_.bind(socket_, options_.address); !bound) {
    throw std::runtime_error(bound.error().message);
  }
}

Result<void> RouterEndpoint::listen(const std::string& address, const std::string& secret_key) {
  CCBUS_ASSERT(on_bus_thread());
  if (options_.secret_key.empty()) {
    return fail(ErrorCode::kPrecondition,
                "endpoint " + options_.name + " asks for no keys, and so cannot for another one");
  }
  // What listens already keeps the key that it was bound with.
  socket_.set(zmq::sockopt::curve_secretkey, secret_key);
  return listeners_.bind(socket_, address);
}

// libzmq closes the connections of an address that is unbound, and does not report them.
Result<void> RouterEndpoint::unlisten(Now now, const std::string& address) {
  CCBUS_ASSERT(on_bus_thread());
  drain_monitor(now);
  const auto listener = listeners_.unbind(socket_, address);
  if (!listener) return unexpected(listener.error());
  for (const int descriptor : connections_.of_listener(*listener)) {
    connections_.cut(descriptor);
    if (const auto peer = by_descriptor_.find(descriptor); peer != by_descriptor_.end()) {
      forget(now, *peer->second);
    }
    connections_.ended(descriptor);
  }
  return {};
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
    try {
      dispatch(now, routing_id.to_string_view(), frame);
    } catch (const std::exception& error) {
      // Its peer could not be remembered, for want of memory.
      logger_.error("bus.exception endpoint={} what={}", options_.name, error.what());
      connections_.cut(descriptor_of(frame));
    }
  }
  return count;
}

void RouterEndpoint::dispatch(Now now, std::string_view routing_id, zmq::message_t& frame) {
  int frames = 1;
  std::size_t surplus_bytes = 0;
  for (bool more = frame.more(); more; ++frames) {
    zmq::message_t surplus;
    static_cast<void>(socket_.recv(surplus, zmq::recv_flags::dontwait));
    surplus_bytes += Connections::bytes_on_wire(surplus.size());
    more = surplus.more();
  }
  Peer* const peer = find(now, routing_id, frame);
  if (peer == nullptr) return;
  if (peer->connection != nullptr) {
    connections_.deliver(*peer->connection,
                         Connections::bytes_on_wire(frame.size()) + surplus_bytes);
  }
  peer->last_heard = now.steady;
  const PeerId id = peer->id;
  try {
    if (peer->standing == Peer::Standing::kShutOut) return;
    if (peer->standing == Peer::Standing::kTooMany) {
      listener_.on_malformed(now, id,
                             "too many connections: the limit is " +
                                 std::to_string(options_.peers_max) + " (limits.peers)");
    } else if (frames > 1) {
      listener_.on_malformed(now, id,
                             "a message of " + std::to_string(frames) + " frames: one is allowed");
    } else {
      listener_.on_message(now, id, frame);
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
  return meet(now, routing_id, frame);
}

RouterEndpoint::Peer* RouterEndpoint::meet(Now now, std::string_view routing_id,
                                           zmq::message_t& frame) {
  const int descriptor = descriptor_of(frame);
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
  if (!listener_.on_peer_came(now, peer.id, public_key_of(frame))) {
    shut_out(peer.id, "its key was revoked during the handshake");
  }
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
  if (!has_room_for_peer()) {
    peer->standing = Peer::Standing::kTooMany;
    refused_.push_back({peer->id, "limits.peers is reached"});
    became_full();
  }
  counters_.add(Counter::kPeersConnected);
  queues_.add(peer->id, routing_id);
  by_id_.emplace(peer->id, peer.get());
  if (options_.shared_connections != nullptr) ++options_.shared_connections->peers;
  if (connection != nullptr) by_descriptor_.emplace(descriptor, peer.get());
  return *peers_.emplace(std::string(routing_id), std::move(peer)).first->second;
}

bool RouterEndpoint::has_room_for_peer() const {
  const SharedConnections* const shared = options_.shared_connections;
  return by_id_.size() < options_.peers_max &&
         (shared == nullptr || shared->peers < shared->peers_max);
}

// Clearly below the limits.
bool RouterEndpoint::has_room_again() const {
  const SharedConnections* const shared = options_.shared_connections;
  return connections_.open() < options_.peers_max - options_.peers_max / 8 &&
         (shared == nullptr || shared->open < shared->peers_max - shared->peers_max / 16);
}

void RouterEndpoint::drain_monitor(Now now) {
  CCBUS_ASSERT(on_bus_thread());
  while (const auto event = monitor_.next()) {
    using Kind = PeerMonitor::ConnectionEvent::Kind;
    if (event->kind != Kind::kAccepted && event->kind != Kind::kDisconnected) {
      handshake_failed(*event);
      continue;
    }
    // Also for kAccepted: a new connection has nothing to do with the last owner of its descriptor.
    const auto at = by_descriptor_.find(event->descriptor);
    if (at != by_descriptor_.end()) forget(now, *at->second);
    if (event->kind == Kind::kAccepted) {
      accept(now, *event);
    } else {
      connections_.ended(event->descriptor);
    }
  }
  if constexpr (kChecksPairs) check_pairs();
}

void RouterEndpoint::handshake_failed(const PeerMonitor::ConnectionEvent& event) {
  using Kind = PeerMonitor::ConnectionEvent::Kind;
  switch (event.kind) {
    case Kind::kRefused: return;  // Counted and logged by the admission, which knows the key.
    case Kind::kOtherServerKey:
      counters_.add(Counter::kHandshakesOtherServerKey);
      return logger_.warn("bus.handshake_failed endpoint={} address={} reason={:?}", options_.name,
                          event.address, "the peer has another server key than this service's");
    case Kind::kOtherMechanism:
      counters_.add(Counter::kHandshakesOtherMechanism);
      return logger_.warn(
          "bus.handshake_failed endpoint={} address={} reason={:?}", options_.name, event.address,
          options_.secret_key.empty() ? "the peer uses a key, and this service has none"
                                      : "the peer uses no key, and this service asks for one");
    default:
      counters_.add(Counter::kHandshakesFailed);
      return logger_.warn("bus.handshake_failed endpoint={} address={} reason={}", options_.name,
                          event.address, event.reason);
  }
}

// Above the limit one connection gives way. It is not logged by itself: there may be very many.
void RouterEndpoint::accept(Now now, const PeerMonitor::ConnectionEvent& event) {
  const auto surplus = connections_.accepted(now, event.descriptor);
  if (auto* connection = connections_.find(event.descriptor)) {
    connection->listener = listeners_.index_of(event.address);
  }
  if (!surplus) return;
  became_full();
  counters_.add(Counter::kConnectionsCut);
  connections_.cut(*surplus);
}

void RouterEndpoint::became_full() {
  if (is_full_.exchange(true, std::memory_order_relaxed)) return;
  logger_.warn("bus.full endpoint={} peers={} limit={} connections={} limit={}", options_.name,
               by_id_.size(), options_.peers_max, connections_.open(), options_.connections_max);
}

// Descriptors and peers point at each other, and the listener holds nothing for others.
void RouterEndpoint::check_pairs() const {
  for (const auto& [descriptor, peer] : by_descriptor_) {
    CCBUS_ASSERT(peer->descriptor == descriptor);
    CCBUS_ASSERT(peer->connection != nullptr);
    CCBUS_ASSERT(peer->connection == connections_.find(descriptor));
  }
  for (const auto& [id, peer] : by_id_) {
    if (peer->connection != nullptr) CCBUS_ASSERT(by_descriptor_.at(peer->descriptor) == peer);
  }
  listener_.check_peers(connected());
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
  queues_.remove(id);
  if (peer.connection != nullptr) by_descriptor_.erase(peer.descriptor);
  by_id_.erase(id);
  if (options_.shared_connections != nullptr) --options_.shared_connections->peers;
  peers_.erase(peers_.find(std::string_view(peer.routing_id)));
  listener_.on_peer_gone(now, id);
}

std::optional<RouterEndpoint::PeerReport> RouterEndpoint::report(PeerId id) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return std::nullopt;
  const Peer& peer = *at->second;
  return PeerReport{remote_of(peer.descriptor), peer.last_heard, queues_.queued(id)};
}

std::vector<PeerId> RouterEndpoint::connected() const {
  std::vector<PeerId> ids;
  ids.reserve(by_id_.size());
  for (const auto& [id, peer] : by_id_) ids.push_back(id);
  return ids;
}

Result<void> RouterEndpoint::send(PeerId peer, zmq::message_t frame) {
  CCBUS_ASSERT(on_bus_thread());
  if (auto queued = queues_.send(peer, std::move(frame)); !queued) return queued;
  keep_total();
  return {};
}

// At the limit of all peers the one that makes most use of it is cut; its bytes are freed when
// libzmq closes its connection. The others are sent what is theirs.
void RouterEndpoint::keep_total() {
  const std::size_t held = queues_.total_bytes();
  if (held <= options_.backlog_total_max) return;
  if (by_id_.contains(cut_for_total_)) return;  // Its bytes are about to be freed.
  const auto largest = queues_.largest();
  if (!largest) return;
  cut_for_total_ = *largest;
  cut(cut_for_total_, "for all peers " + std::to_string(held) + " bytes are queued, limit " +
                          std::to_string(options_.backlog_total_max) +
                          " (limits.backlogTotalBytes), and for this one most: " +
                          std::to_string(queues_.queued(cut_for_total_).bytes));
}

void RouterEndpoint::cut(PeerId id, std::string_view reason) {
  const auto at = by_id_.find(id);
  if (at == by_id_.end() || at->second->connection == nullptr) return;
  if (!at->second->connection->is_cut) cut_connection(at->second->descriptor, reason);
}

void RouterEndpoint::shut_out(PeerId id, std::string_view reason) {
  CCBUS_ASSERT(on_bus_thread());
  const auto at = by_id_.find(id);
  if (at == by_id_.end() || at->second->standing == Peer::Standing::kShutOut) return;
  at->second->standing = Peer::Standing::kShutOut;
  counters_.add(Counter::kKeysShutOut);
  refused_.push_back({id, std::string(reason)});
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
  const auto offences =
      connections_.look(now, [this](int descriptor) { return may_stay(descriptor); });
  for (const Connections::Offence& offence : offences) {
    cut_connection(offence.descriptor, offence.reason);
  }
  for (const Refused& refused : std::exchange(refused_, {})) cut(refused.peer, refused.reason);
  if (is_full() && has_room_again()) {
    is_full_.store(false, std::memory_order_relaxed);
    logger_.info("bus.has_room_again endpoint={} connections={}", options_.name,
                 connections_.open());
  }
}

bool RouterEndpoint::may_stay(int descriptor) const {
  const auto peer = by_descriptor_.find(descriptor);
  return peer == by_descriptor_.end() || listener_.may_stay(peer->second->id);
}

void RouterEndpoint::send_end(PeerId peer) {
  CCBUS_ASSERT(on_bus_thread());
  queues_.send_end(peer);
}

void RouterEndpoint::flush(Now now) {
  CCBUS_ASSERT(on_bus_thread());
  queues_.flush();
  if (queues_.has_broken()) {
    for (const PeerId peer : queues_.take_broken()) cut(peer, "its queue could not grow");
  }
  if (queues_.has_gone()) forget_gone(now, queues_.take_gone());
  if (!found_gone_.empty()) forget_gone(now, std::exchange(found_gone_, {}));
}

void RouterEndpoint::forget_gone(Now now, const std::vector<PeerId>& gone) {
  for (const PeerId id : gone) {
    const auto at = by_id_.find(id);
    if (at != by_id_.end()) forget(now, *at->second);
  }
}

}  // namespace ccbus::bus
