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

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/base/one_thread.h"
#include "service/base/result.h"
#include "service/base/text_hash.h"
#include "service/bus/peer_monitor.h"
#include "service/bus/readiness.h"
#include "service/metrics/metrics.h"
#include "zmq.hpp"

namespace ccbus::bus {

// What comes in at an endpoint. Bus thread; must not block.
class EndpointListener {
 public:
  virtual ~EndpointListener() = default;

  // One message of one frame, perhaps empty. The bytes are gone after the call.
  virtual void on_message(Now now, PeerId peer, std::span<const std::byte> frame) = 0;

  // A message that cannot be handed over: several frames, too many peers.
  virtual void on_malformed(Now now, PeerId peer, std::string_view reason) = 0;

  // The connection is gone, and with it the peer: nothing more comes from it.
  virtual void on_peer_gone(Now now, PeerId peer) = 0;
};

// One ROUTER socket and everybody who is connected to it.
//
// A peer is one connection. It gets its PeerId with its first message and loses it with the
// connection, which the socket's monitor reports by descriptor within a millisecond; peers that
// vanish without a FIN are found by the kernel's probes and end in the same event.
//
// Thread:   bus thread only, construction and destruction included (asserted).
// Blocks:   never.
class RouterEndpoint {
 public:
  struct Options {
    std::string name;     // For logs and for the monitor's address.
    std::string address;  // tcp://host:port, ipc://path; port 0 or * lets the system choose.
    std::size_t message_bytes_max = 100u << 20;
    int pipe_messages_max = 1000;
    std::size_t backlog_messages_max = 10'000;
    std::size_t backlog_bytes_max = 256u << 20;
    std::size_t peers_max = 60'000;
    std::chrono::seconds probe_interval{5};  // Of silent connections; three of them are too long.
  };

  // Binds. Throws std::runtime_error naming the address if that fails. The references outlive it.
  RouterEndpoint(zmq::context_t& context, Options options, EndpointListener& listener,
                 Logger& logger, Counters& counters);
  RouterEndpoint(const RouterEndpoint&) = delete;
  RouterEndpoint& operator=(const RouterEndpoint&) = delete;

  // As bound, with the port that the system chose.
  [[nodiscard]] std::string address() const;

  // Hands over what has come in, at most `messages_max` messages; returns how many those were.
  int receive(Now now, int messages_max);

  // Tells the listener who has gone. Also done before any new peer is let in.
  void drain_monitor(Now now);

  // Sends one frame to one peer, in order. It goes out with the next flush(), or with others before
  // that; behind a full pipe it waits. One that is still here when its peer leaves is dropped.
  //
  // Errors: kPeerGone   nobody is there any more.
  //         kExhausted  its queue is at its limit; nothing was sent.
  //         kInvalid    the frame is above message_bytes_max; nothing was sent.
  [[nodiscard]] Result<void> send(PeerId peer, zmq::message_t frame);

  // Sends the empty frame. A queue that is full is dropped for it: the stream is over.
  void send_end(PeerId peer);

  // Hands libzmq what is queued, as far as the pipes take it. After every turn of the loop: many
  // frames at once wake libzmq's thread once, and the peer as well.
  void flush();
  // Whether something waits behind a full pipe. After flush().
  [[nodiscard]] bool has_backlog() const { return !backlogged_.empty(); }

  [[nodiscard]] std::size_t peers() const { return by_id_.size(); }

  // One connection, for whoever looks.
  struct PeerReport {
    std::string remote;  // host:port, from the kernel; empty where it has none, as over ipc.
    SteadyTime last_heard;
    std::size_t queued_messages = 0;  // Held here: not what libzmq and the kernel have of it.
    std::size_t queued_bytes = 0;
  };
  // Nothing where it has left.
  [[nodiscard]] std::optional<PeerReport> report(PeerId peer) const;
  // Everybody, in no order.
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
    SteadyTime last_heard;
    bool refused = false;                // Beyond peers_max.
    std::deque<zmq::message_t> backlog;  // Behind a full pipe.
    std::size_t queued_messages = 0;     // Of the backlog, and held.
    std::size_t queued_bytes = 0;
  };
  struct Held {
    PeerId peer;
    zmq::message_t frame;
  };

  enum class Sent { kYes, kPipeFull, kPeerGone };

  void dispatch(Now now, std::string_view routing_id, zmq::message_t& frame);
  Peer* find(Now now, std::string_view routing_id, zmq::message_t& frame);
  Peer* meet(Now now, std::string_view routing_id, int descriptor);
  void forget(Now now, Peer& peer);
  [[nodiscard]] bool has_room(const Peer& peer, std::size_t bytes) const;
  void hold(Peer& peer, zmq::message_t frame);
  void release_held();
  void flush_backlogs();
  Sent try_send(const Peer& peer, zmq::message_t& frame);

  const Options options_;
  EndpointListener& listener_;
  Logger& logger_;
  Counters& counters_;

  zmq::socket_t socket_;
  Readiness readiness_;
  PeerMonitor monitor_;

  std::unordered_map<std::string, std::unique_ptr<Peer>, TextHash, std::equal_to<>> peers_;
  std::unordered_map<PeerId, Peer*> by_id_;
  std::unordered_map<int, Peer*> by_descriptor_;
  std::unordered_set<PeerId> backlogged_;
  std::vector<Held> held_;  // Sent since the last flush, in order.
  std::size_t held_bytes_ = 0;
  PeerId last_id_;

  // Routing ids that the ROUTER gave and whose connection is gone. It never gives one twice, so
  // whatever still comes from one of them was under way when the peer left.
  std::unordered_set<std::string, TextHash, std::equal_to<>> gone_;
  std::deque<std::string> gone_order_;  // Oldest first; bounds gone_.
  const OneThread thread_;
};

}  // namespace ccbus::bus
