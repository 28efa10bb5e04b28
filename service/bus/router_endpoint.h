#pragma once

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

#include "service/base/byte_budget.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/base/one_thread.h"
#include "service/base/result.h"
#include "service/base/text_hash.h"
#include "service/bus/connections.h"
#include "service/bus/counted_frame.h"
#include "service/bus/peer_monitor.h"
#include "service/bus/readiness.h"
#include "service/metrics/metrics.h"
#include "zmq.hpp"

namespace ccbus::bus {

// What comes in at an endpoint. Bus thread; must not block.
class EndpointListener {
 public:
  virtual ~EndpointListener() = default;

  // A message of one frame, which may be empty. `frame` is valid during the call only.
  virtual void on_message(Now now, PeerId peer, std::span<const std::byte> frame) = 0;

  // A message that is not handed over, since it has several frames or its peer is one too many; or
  // one whose on_message() threw an exception.
  virtual void on_malformed(Now now, PeerId peer, std::string_view reason) = 0;

  // The connection has ended. No further message comes from this peer.
  virtual void on_peer_gone(Now now, PeerId peer) = 0;
};

// One ROUTER socket and the peers that are connected to it.
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
    std::size_t peers_max = 60'000;
    // In which a connection says something after it was accepted, or is cut.
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

  // The address as bound, with the port that the system chose.
  [[nodiscard]] std::string address() const;

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

  // When look() is due. Returns nullopt if there are no connections.
  [[nodiscard]] std::optional<SteadyTime> next_look() const { return connections_.next_look(); }

  // Cuts connections that say nothing, or that bring more than is handed over (connections.h).
  void look(Now now);

  // Sends the empty frame, which ends the stream. If the peer's queue is full, what is queued is
  // dropped to make room.
  void send_end(PeerId peer);

  // Hands libzmq what is queued, as far as the pipes take it, and reports peers that sends have
  // found gone. Call it after every turn of the loop: many frames at once wake libzmq's thread, and
  // the peer, only once.
  void flush(Now now);

  // After flush(): whether frames are queued behind a full pipe.
  [[nodiscard]] bool has_backlog() const { return !backlogged_.empty(); }

  [[nodiscard]] std::size_t peers() const { return by_id_.size(); }

  // Snapshot of one connection, for /connz.
  struct PeerReport {
    std::string remote;  // host:port, from the kernel; empty if it is not a TCP connection.
    SteadyTime last_heard;
    std::size_t queued_messages = 0;  // In this object, without what libzmq and the kernel hold.
    std::size_t queued_bytes = 0;     // Large frames until libzmq has written them.
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
    bool refused = false;  // Beyond peers_max; cut with the next look.
    bool is_cut = false;
    std::deque<zmq::message_t> backlog;  // Frames behind a full pipe.
    std::size_t queued_messages = 0;     // In the backlog and in held_.
    std::size_t queued_bytes = 0;        // Of those, without counted frames.
    std::shared_ptr<PeerBytes> counted_bytes = std::make_shared<PeerBytes>(0);

    [[nodiscard]] std::size_t bytes() const {
      return queued_bytes + counted_bytes->load(std::memory_order_relaxed);
    }
  };
  struct Held {
    PeerId peer;
    zmq::message_t frame;
  };

  enum class Sent { kYes, kPipeFull, kPeerGone };

  void dispatch(Now now, std::string_view routing_id, zmq::message_t& frame);
  Peer* find(Now now, std::string_view routing_id, zmq::message_t& frame);
  Peer* meet(Now now, std::string_view routing_id, int descriptor);
  Peer& add(std::string_view routing_id, int descriptor, Connections::Connection* connection);
  void forget(Now now, Peer& peer);
  void forget_gone(Now now);
  void cut_connection(int descriptor, std::string_view reason);
  void make_room_in_total(std::size_t bytes);
  [[nodiscard]] bool has_room(const Peer& peer, std::size_t bytes) const;
  void hold(Peer& peer, zmq::message_t frame);
  void unqueue(Peer& peer, std::size_t bytes);
  void release_held();
  void flush_backlogs();
  // Sends to the peer, and marks it as gone if it has left.
  Sent try_send(Peer& peer, zmq::message_t& frame);

  const Options options_;
  EndpointListener& listener_;
  Logger& logger_;
  Counters& counters_;

  zmq::socket_t socket_;
  Readiness readiness_;
  PeerMonitor monitor_;
  Connections connections_;

  std::unordered_map<std::string, std::unique_ptr<Peer>, TextHash, std::equal_to<>> peers_;
  std::unordered_map<PeerId, Peer*> by_id_;
  std::unordered_map<int, Peer*> by_descriptor_;
  std::unordered_set<PeerId> backlogged_;
  std::vector<PeerId> refused_;     // Cut with the next look.
  std::vector<PeerId> found_gone_;  // Forgotten with the next flush.
  std::vector<Held> held_;          // Sent since the last flush, in order.
  std::size_t held_bytes_ = 0;
  std::size_t queued_bytes_ = 0;  // Of all peers, without counted frames.
  const std::shared_ptr<ByteBudget> counted_bytes_;
  PeerId cut_for_total_;  // Cut last by make_room_in_total().
  PeerId last_id_;

  // Routing ids that the ROUTER gave and whose connection has ended. It never gives one twice, so a
  // message that still comes from one of them was under way when the peer left, and is ignored.
  std::unordered_set<std::string, TextHash, std::equal_to<>> gone_;
  std::deque<std::string> gone_order_;  // Oldest first; bounds gone_.
  const OneThread thread_;
};

}  // namespace ccbus::bus
