#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "service/base/byte_budget.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/base/result.h"
#include "service/bus/counted_frame.h"
#include "service/bus/readiness.h"
#include "zmq.hpp"

namespace ccbus::bus {

// What is on its way to the peers of one ROUTER: a queue for each peer, in order. A frame waits
// here for a moment, so that one wake-up of libzmq's thread sends several, and longer behind a full
// pipe. Large frames count until libzmq has written them (counted_frame.h).
//
// Thread: the thread of the socket.
// Blocks: never.
class SendQueues {
 public:
  struct Limits {
    std::size_t frame_bytes_max;
    std::size_t messages_max;  // Of one peer.
    std::size_t bytes_max;     // Of one peer.
    std::size_t total_max;     // Bytes, of all peers.
  };

  // The references outlive this object. `name` is the endpoint's, for the log.
  SendQueues(zmq::socket_t& socket, Readiness& readiness, const std::string& name,
             const Limits& limits, Logger& logger);

  void add(PeerId peer, std::string_view routing_id);
  // What is queued for it is dropped.
  void remove(PeerId peer);

  // Queues one frame.
  // Errors: those of RouterEndpoint::send().
  [[nodiscard]] Result<void> send(PeerId peer, zmq::message_t frame);

  // Queues the empty frame. If the queue is full, what is in it is dropped to make room.
  void send_end(PeerId peer);

  // Hands libzmq what is queued, as far as the pipes take it.
  void flush();

  // The peers that sends have found gone since the last call.
  [[nodiscard]] bool has_gone() const { return !found_gone_.empty(); }
  [[nodiscard]] std::vector<PeerId> take_gone();

  // Whether the queue of a peer could not grow for want of memory. What it was to be sent is lost:
  // its connection has to end.
  [[nodiscard]] bool has_broken() const { return has_broken_; }
  [[nodiscard]] std::vector<PeerId> take_broken();

  // Whether frames are queued behind a full pipe.
  [[nodiscard]] bool has_backlog() const { return !backlogged_.empty(); }

  struct Queued {
    std::size_t messages = 0;  // In this object, without what libzmq and the kernel hold.
    std::size_t bytes = 0;     // Large frames until libzmq has written them.
  };
  [[nodiscard]] Queued queued(PeerId peer) const;

  // For all peers.
  [[nodiscard]] std::size_t total_bytes() const { return queued_bytes_ + counted_bytes_->used(); }
  // Returns the peer with the most queued bytes; nullopt without peers. Compares all of them.
  [[nodiscard]] std::optional<PeerId> largest() const;

 private:
  struct Queue {
    std::string routing_id;
    std::deque<zmq::message_t> backlog;  // Frames behind a full pipe.
    std::size_t messages = 0;            // In the backlog and in held_.
    std::size_t small_bytes = 0;         // Of those, without counted frames.
    bool is_broken = false;              // See has_broken().
    std::shared_ptr<PeerBytes> counted_bytes = std::make_shared<PeerBytes>(0);

    [[nodiscard]] std::size_t bytes() const {
      return small_bytes + counted_bytes->load(std::memory_order_relaxed);
    }
  };
  struct Held {
    PeerId peer;
    zmq::message_t frame;
    std::size_t bytes;
  };

  enum class Sent { kYes, kPipeFull, kPeerGone };

  [[nodiscard]] bool has_room(const Queue& queue, std::size_t bytes) const;
  void hold(PeerId peer, Queue& queue, zmq::message_t frame, std::size_t bytes);
  void release(Queue& queue, Held& held);
  void unqueue(Queue& queue, std::size_t bytes) noexcept;
  void break_off(Queue& queue) noexcept;
  void release_held();
  void flush_backlogs();
  Sent try_send(PeerId peer, const Queue& queue, zmq::message_t& frame);

  zmq::socket_t& socket_;
  Readiness& readiness_;
  const std::string& name_;
  const Limits limits_;
  Logger& logger_;

  std::unordered_map<PeerId, Queue> queues_;
  std::unordered_set<PeerId> backlogged_;
  std::vector<PeerId> found_gone_;
  std::vector<Held> held_;  // Sent since the last flush, in order. Never grows.
  std::size_t held_bytes_ = 0;
  std::size_t queued_bytes_ = 0;  // Of all peers, without counted frames.
  bool has_broken_ = false;
  const std::shared_ptr<ByteBudget> counted_bytes_;
};

}  // namespace ccbus::bus
