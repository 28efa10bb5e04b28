#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/base/one_thread.h"
#include "service/base/result.h"
#include "service/base/text_hash.h"
#include "service/bus/connections.h"
#include "service/bus/listeners.h"
#include "service/bus/peer_monitor.h"
#include "service/bus/readiness.h"
#include "service/bus/send_queues.h"
#include "service/metrics/metrics.h"
#include "zmq.hpp"

namespace ccbus::bus {

// What comes in at an endpoint. Bus thread; must not block.
class EndpointListener {
 public:
  virtual ~EndpointListener() = default;

  // A message of one frame, which may be empty. It may be moved from.
  virtual void on_message(Now now, PeerId peer, zmq::message_t& frame) = 0;

  // A message that is not handed over, since it has several frames or its peer is one too many; or
  // one whose on_message() threw an exception.
  virtual void on_malformed(Now now, PeerId peer, std::string_view reason) = 0;

  // The connection has ended. No further message comes from this peer.
  virtual void on_peer_gone(Now now, PeerId peer) = 0;

  // Asked now and then of a peer that has sent a message. False: it is not, or no longer, what the
  // endpoint is for. If it stays so for as long as Options::first_message, it is cut.
  [[nodiscard]] virtual bool may_stay(PeerId) const { return true; }

  // A peer has come. `public_key` is the CURVE key, in Z85, that its handshake has proved; empty if
  // the endpoint asks for none. False: it is cut, and none of its messages is handed over.
  [[nodiscard]] virtual bool on_peer_came(Now, PeerId, std::string_view /*public_key*/) {
    return true;
  }

  // Test builds, after connections have come or gone: asserts that the listener holds nothing for a
  // peer other than the `connected` ones.
  virtual void check_peers(std::span<const PeerId> /*connected*/) const {}
};

// One ROUTER socket and the peers that are connected to it.
//
// An endpoint that asks for keys speaks CURVE alone; the context's Admission says who may connect.
// It may listen on several addresses, each with a key of its own, so that clients can be moved from
// one key of the service to the next.
//
// A peer is one connection. It gets its PeerId with its first message and loses it when the
// connection ends, which the socket's monitor reports by descriptor. Peers that vanish without
// closing the connection are found by the kernel's probes and end in the same way.
//
// Thread:   bus thread only, construction and destruction included (asserted).
// Blocks:   never.
class RouterEndpoint {
 public:
  struct Options {
    std::string name;     // For logs and for the monitor's address.
    std::string address;  // tcp://host:port, ipc://path; port 0 or * lets the system choose.
    // The secret key of the service, in Z85. Empty: nobody is asked for a key.
    std::string secret_key = {};
    std::size_t message_bytes_max = 100u << 20;   // Of what is sent.
    std::size_t received_bytes_max = 100u << 20;  // The listener refuses what is larger.
    int pipe_messages_max = 1000;
    std::size_t backlog_messages_max = 10'000;
    // For one peer: what is queued here, and large frames until libzmq has written them.
    std::size_t backlog_bytes_max = 256u << 20;
    // The same for all peers together. Beyond it, the one for which most is held is cut.
    std::size_t backlog_total_max = 1u << 30;
    // Received by the kernel or libzmq and not yet handed over, by all connections of the endpoint.
    std::size_t received_total_max = 1u << 30;
    // A peer beyond them is refused with a reason, and then cut.
    std::size_t peers_max = 60'000;
    // A connection beyond them makes another one give way as soon as it was accepted: the one that
    // has been silent longest. They are for peers and for connections that say nothing.
    std::size_t connections_max = 62'000;
    // The same for several endpoints together; outlives them. Null: for no others.
    SharedConnections* shared_connections = nullptr;
    // In which a connection says something useful after it was accepted, or is cut.
    std::chrono::milliseconds first_message{60'000};
    // A message may be read after its connection has ended. True: it is handled all the same; its
    // peer is gone directly after. False: it is dropped.
    bool handles_last_messages = false;
    // Between two probes of a silent connection. A peer that does not answer for three intervals
    // has vanished.
    std::chrono::seconds probe_interval{5};
  };

  // Binds the socket. Throws std::runtime_error, naming the address, if that fails. The references
  // outlive this object.
  RouterEndpoint(zmq::context_t& context, Options options, EndpointListener& listener,
                 Logger& logger, Counters& counters);
  RouterEndpoint(const RouterEndpoint&) = delete;
  RouterEndpoint& operator=(const RouterEndpoint&) = delete;

  // The address that was bound first, with the port that the system chose.
  [[nodiscard]] const std::string& address() const { return listeners_.all().front().address; }

  // Listens on a further address, with another secret key of the service.
  // Errors: kIo, naming the address. kPrecondition if the endpoint asks for no keys.
  [[nodiscard]] Result<void> listen(const std::string& address, const std::string& secret_key);

  // Ends listening on an address, by the text that it was bound with, and the connections that came
  // by it. Errors: kNotFound if it does not listen there.
  [[nodiscard]] Result<void> unlisten(Now now, const std::string& address);

  // The addresses, and how many connections came by each.
  [[nodiscard]] const Listeners& listeners() const { return listeners_; }
  [[nodiscard]] std::size_t connections_of(std::size_t listener) const {
    if (listeners_.all().size() == 1) return connections_.open();  // A status asks often.
    return connections_.of_listener(listener).size();
  }

  [[nodiscard]] const std::string& name() const { return options_.name; }

  // Hands what has come in to the listener, at most `messages_max` messages. Returns their number.
  int receive(Now now, int messages_max);

  // Reports the peers whose connection has ended to the listener. Also done before a new peer is
  // accepted.
  void drain_monitor(Now now);

  // Sends one frame to one peer, in order. The frame goes out with the next flush() or before it.
  // If the peer's pipe is full, it is queued here. Frames that are still queued when the peer
  // leaves are dropped.
  //
  // Errors: kPeerGone   the peer has left.
  //         kExhausted  the peer's queue is at its limit; nothing was sent.
  //         kInvalid    the frame is above message_bytes_max; nothing was sent.
  [[nodiscard]] Result<void> send(PeerId peer, zmq::message_t frame);

  // Ends the connection of a peer, whose on_peer_gone() follows; for one that cannot be told. Logs
  // and counts it.
  void cut(PeerId peer, std::string_view reason);

  // Hands over no further message of a peer, and ends its connection with the next look, after what
  // was sent to it before. Logs and counts it.
  void shut_out(PeerId peer, std::string_view reason);

  // When look() is due. Returns nullopt if there are no connections.
  [[nodiscard]] std::optional<SteadyTime> next_look() const { return connections_.next_look(); }

  // Cuts connections that say nothing useful, or that bring more than is handed over
  // (connections.h).
  void look(Now now);

  // Sends the empty frame, which ends the stream. If the peer's queue is full, what is queued is
  // dropped to make room.
  void send_end(PeerId peer);

  // Hands libzmq what is queued, as far as the pipes take it, and reports peers that sends have
  // found gone. Call it after every turn of the loop: many frames at once wake libzmq's thread, and
  // the peer, only once.
  void flush(Now now);

  // After flush(): whether frames are queued behind a full pipe.
  [[nodiscard]] bool has_backlog() const { return queues_.has_backlog(); }

  [[nodiscard]] std::size_t peers() const { return by_id_.size(); }

  // Those of the peers, and those that have said nothing; without those that were cut.
  [[nodiscard]] std::size_t connections() const { return connections_.open(); }

  // Whether peers or connections beyond the limits have come, and the connections have not become
  // clearly fewer since. Any thread.
  [[nodiscard]] bool is_full() const { return is_full_.load(std::memory_order_relaxed); }

  // Snapshot of one connection, for /connz.
  struct PeerReport {
    std::string remote;  // host:port, from the kernel; empty if it is not a TCP connection.
    SteadyTime last_heard;
    SendQueues::Queued queued;
  };
  // Returns nullopt if the peer has left.
  [[nodiscard]] std::optional<PeerReport> report(PeerId peer) const;

  // All peers, in no particular order.
  [[nodiscard]] std::vector<PeerId> connected() const;

  [[nodiscard]] Readiness& readiness() { return readiness_; }
  // Readable when drain_monitor() has something to do.
  [[nodiscard]] int monitor_descriptor() const { return monitor_.descriptor(); }

 private:
  [[nodiscard]] bool on_bus_thread() const { return thread_.is_current(); }

  struct Peer {
    PeerId id;
    std::string routing_id;
    int descriptor = -1;
    Connections::Connection* connection = nullptr;  // Null: has ended already, or is not known.
    SteadyTime last_heard;
    // Unless it is welcome it is cut with the next look.
    enum class Standing { kWelcome, kTooMany, kShutOut } standing = Standing::kWelcome;
  };

  void dispatch(Now now, std::string_view routing_id, zmq::message_t& frame);
  Peer* find(Now now, std::string_view routing_id, zmq::message_t& frame);
  Peer* meet(Now now, std::string_view routing_id, zmq::message_t& frame);
  Peer& add(std::string_view routing_id, int descriptor, Connections::Connection* connection);
  void forget(Now now, Peer& peer);
  void forget_gone(Now now, const std::vector<PeerId>& gone);
  void accept(Now now, const PeerMonitor::ConnectionEvent& event);
  void handshake_failed(const PeerMonitor::ConnectionEvent& event);
  [[nodiscard]] bool may_stay(int descriptor) const;
  [[nodiscard]] bool has_room_for_peer() const;
  [[nodiscard]] bool has_room_again() const;
  void became_full();
  void check_pairs() const;
  void cut_connection(int descriptor, std::string_view reason);
  void keep_total();

  const Options options_;
  EndpointListener& listener_;
  Logger& logger_;
  Counters& counters_;

  zmq::socket_t socket_;
  Readiness readiness_;
  PeerMonitor monitor_;
  Connections connections_;
  SendQueues queues_;

  std::unordered_map<std::string, std::unique_ptr<Peer>, TextHash, std::equal_to<>> peers_;
  std::unordered_map<PeerId, Peer*> by_id_;
  std::unordered_map<int, Peer*> by_descriptor_;
  Listeners listeners_;

  // Cut with the next look, and why.
  struct Refused {
    PeerId peer;
    std::string reason;
  };
  std::vector<Refused> refused_;
  std::vector<PeerId> found_gone_;  // Had ended when their last message came; see flush().
  PeerId cut_for_total_;            // Cut last by keep_total().
  std::atomic<bool> is_full_{false};
  PeerId last_id_;

  // Routing ids that the ROUTER gave and whose connection has ended. It never gives one twice, so a
  // message that still comes from one of them was under way when the peer left, and is ignored.
  std::unordered_set<std::string, TextHash, std::equal_to<>> gone_;
  std::deque<std::string> gone_order_;  // Oldest first; bounds gone_.
  const OneThread thread_;
};

}  // namespace ccbus::bus
