#include "service/bus/send_queues.h"

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace ccbus::bus {
namespace {

// Frames are held back up to these limits, so that one wake-up of libzmq's thread sends several.
// With higher limits the peers would wait idle for frames that are ready.
constexpr std::size_t kHeldFramesMax = 16;
constexpr std::size_t kHeldBytesMax = 8192;

}  // namespace

SendQueues::SendQueues(zmq::socket_t& socket, Readiness& readiness, const std::string& name,
                       const Limits& limits, Logger& logger)
    : socket_(socket),
      readiness_(readiness),
      name_(name),
      limits_(limits),
      logger_(logger),
      counted_bytes_(std::make_shared<ByteBudget>(limits.total_max)) {
  held_.reserve(kHeldFramesMax);
}

void SendQueues::add(PeerId peer, std::string_view routing_id) {
  queues_[peer].routing_id = routing_id;
}

void SendQueues::remove(PeerId peer) {
  const auto at = queues_.find(peer);
  if (at == queues_.end()) return;
  queued_bytes_ -= at->second.small_bytes;
  backlogged_.erase(peer);
  queues_.erase(at);
}

Result<void> SendQueues::send(PeerId peer, zmq::message_t frame) {
  const auto at = queues_.find(peer);
  if (at == queues_.end()) return fail(ErrorCode::kPeerGone, "the peer has left");
  Queue& queue = at->second;
  if (queue.is_broken) return fail(ErrorCode::kPeerGone, "its connection is about to end");
  const std::size_t bytes = frame.size();
  if (bytes > limits_.frame_bytes_max) {
    return fail(ErrorCode::kInvalid,
                "a message of " + std::to_string(bytes) + " bytes exceeds the limit of " +
                    std::to_string(limits_.frame_bytes_max) + " (peer.maxRecvMsgSize)");
  }
  if (!has_room(queue, bytes)) release_held();
  if (!has_room(queue, bytes)) {
    return fail(ErrorCode::kExhausted, "its queue holds " + std::to_string(queue.messages) +
                                           " messages of " + std::to_string(queue.bytes()) +
                                           " bytes; the limits are " +
                                           std::to_string(limits_.messages_max) + " and " +
                                           std::to_string(limits_.bytes_max));
  }
  hold(peer, queue, std::move(frame), bytes);
  return {};
}

void SendQueues::send_end(PeerId peer) {
  const auto at = queues_.find(peer);
  if (at == queues_.end()) return;
  Queue& queue = at->second;
  if (queue.is_broken || send(peer, zmq::message_t())) return;
  queue.backlog.clear();
  queue.messages = 0;
  queued_bytes_ -= std::exchange(queue.small_bytes, 0);
  hold(peer, queue, zmq::message_t(), 0);
}

bool SendQueues::has_room(const Queue& queue, std::size_t bytes) const {
  return queue.messages < limits_.messages_max && queue.bytes() + bytes <= limits_.bytes_max;
}

// What may throw comes before anything is changed.
void SendQueues::hold(PeerId peer, Queue& queue, zmq::message_t frame, std::size_t bytes) {
  if (bytes >= kCountedFrameBytes) {
    frame = counted(std::move(frame), queue.counted_bytes, counted_bytes_);
  } else {
    queue.small_bytes += bytes;
    queued_bytes_ += bytes;
  }
  ++queue.messages;
  held_bytes_ += bytes;
  held_.push_back({peer, std::move(frame), bytes});
  if (held_.size() >= kHeldFramesMax || held_bytes_ >= kHeldBytesMax) release_held();
}

// One frame of these bytes has left the queue of a peer.
void SendQueues::unqueue(Queue& queue, std::size_t bytes) noexcept {
  --queue.messages;
  if (bytes >= kCountedFrameBytes) return;  // Until libzmq has written it.
  queue.small_bytes -= bytes;
  queued_bytes_ -= bytes;
}

void SendQueues::flush() {
  release_held();
  if (!backlogged_.empty()) flush_backlogs();
}

std::vector<PeerId> SendQueues::take_gone() {
  return std::exchange(found_gone_, {});
}

SendQueues::Queued SendQueues::queued(PeerId peer) const {
  const auto at = queues_.find(peer);
  if (at == queues_.end()) return {};
  return {at->second.messages, at->second.bytes()};
}

std::optional<PeerId> SendQueues::largest() const {
  const auto at = std::max_element(
      queues_.begin(), queues_.end(),
      [](const auto& a, const auto& b) { return a.second.bytes() < b.second.bytes(); });
  if (at == queues_.end()) return std::nullopt;
  return at->first;
}

void SendQueues::release_held() {
  for (Held& held : held_) {
    const auto at = queues_.find(held.peer);
    if (at == queues_.end()) continue;
    Queue& queue = at->second;
    try {
      release(queue, held);
    } catch (const std::bad_alloc&) {
      break_off(queue);
    }
  }
  held_.clear();
  held_bytes_ = 0;
}

void SendQueues::release(Queue& queue, Held& held) {
  if (queue.is_broken) return;
  if (queue.backlog.empty() && try_send(held.peer, queue, held.frame) != Sent::kPipeFull) {
    unqueue(queue, held.bytes);  // Sent, or the peer has left.
    return;
  }
  if (queue.backlog.empty()) {
    backlogged_.insert(held.peer);
    logger_.debug("bus.pipe_full endpoint={} peer={}", name_, held.peer.value);
  }
  queue.backlog.push_back(std::move(held.frame));
}

void SendQueues::break_off(Queue& queue) noexcept {
  queue.is_broken = true;
  has_broken_ = true;
  queue.backlog.clear();
  queue.messages = 0;
  queued_bytes_ -= std::exchange(queue.small_bytes, 0);
}

std::vector<PeerId> SendQueues::take_broken() {
  std::vector<PeerId> broken;
  for (const auto& [peer, queue] : queues_) {
    if (queue.is_broken) broken.push_back(peer);
  }
  has_broken_ = false;
  return broken;
}

void SendQueues::flush_backlogs() {
  std::vector<PeerId> done;
  for (const PeerId peer : backlogged_) {
    Queue& queue = queues_.at(peer);
    while (!queue.backlog.empty()) {
      const std::size_t bytes = queue.backlog.front().size();
      if (try_send(peer, queue, queue.backlog.front()) == Sent::kPipeFull) break;
      queue.backlog.pop_front();
      unqueue(queue, bytes);
    }
    if (queue.backlog.empty()) done.push_back(peer);
  }
  for (const PeerId peer : done) backlogged_.erase(peer);
}

SendQueues::Sent SendQueues::try_send(PeerId peer, const Queue& queue, zmq::message_t& frame) {
  constexpr auto kFlags = zmq::send_flags::dontwait | zmq::send_flags::sndmore;
  readiness_.may_have_news();
  try {
    if (!socket_.send(zmq::buffer(queue.routing_id), kFlags)) return Sent::kPipeFull;
    // A pipe that has taken the routing id also takes the frame.
    static_cast<void>(socket_.send(frame, zmq::send_flags::dontwait));
    return Sent::kYes;
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) throw;
    found_gone_.push_back(peer);
    return Sent::kPeerGone;
  }
}

}  // namespace ccbus::bus
