#include "service/assembly/large_frames.h"

#include <exception>
#include <memory>
#include <utility>

namespace ccbus {
namespace {

// What an event takes beside its bytes: an empty frame is not free.
constexpr std::size_t kEventBytes = 128;
// Then others have their turn.
constexpr int kEventsPerTurn = 256;

}  // namespace

bool LargeFrames::is_large(const zmq::message_t& frame) const {
  return frame.size() >= kLargeBytes && frame.size() <= options_.frame_bytes_max;
}

void LargeFrames::on_message(Now now, PeerId peer, zmq::message_t& frame) {
  if (!waiting_.empty()) {
    if (const auto at = waiting_.find(peer); at != waiting_.end()) {
      const std::size_t bytes = frame.size() + kEventBytes;
      return wait(peer, at->second, std::move(frame), bytes);
    }
  }
  if (!is_large(frame)) return listener_.on_message(now, peer, frame);
  if (has_room(peer, 0, frame.size())) begin(peer, std::move(frame));
}

void LargeFrames::on_malformed(Now now, PeerId peer, std::string_view reason) {
  const auto at = waiting_.find(peer);
  if (at == waiting_.end()) return listener_.on_malformed(now, peer, reason);
  wait(peer, at->second, Malformed{std::string(reason)}, reason.size() + kEventBytes);
}

void LargeFrames::on_peer_gone(Now now, PeerId peer) {
  const auto at = waiting_.find(peer);
  if (at == waiting_.end()) return listener_.on_peer_gone(now, peer);
  if (options_.handles_last_messages) {
    at->second.is_gone = true;
    return;
  }
  waiting_bytes_ -= at->second.event_bytes;
  waiting_.erase(at);
  listener_.on_peer_gone(now, peer);
}

// A peer for which there is no room is cut, and what it has sent is dropped.
bool LargeFrames::has_room(PeerId peer, std::size_t of_peer, std::size_t bytes) {
  if (of_peer + bytes <= options_.waiting_bytes_max &&
      waiting_bytes_ + bytes <= options_.waiting_bytes_total) {
    return true;
  }
  endpoint_->cut(peer, "too much waits to be decoded, or behind that: of this peer " +
                           std::to_string(of_peer) + " bytes, limit " +
                           std::to_string(options_.waiting_bytes_max) + "; of all " +
                           std::to_string(waiting_bytes_) + ", limit " +
                           std::to_string(options_.waiting_bytes_total) +
                           " (limits.receivedTotalBytes)");
  return false;
}

void LargeFrames::wait(PeerId peer, Waiting& waiting, Event event, std::size_t bytes) {
  if (!has_room(peer, waiting.bytes(), bytes)) return;
  waiting.events.push_back(std::move(event));
  waiting.event_bytes += bytes;
  waiting_bytes_ += bytes;
}

// Has one frame decoded; what follows it waits from now on.
void LargeFrames::begin(PeerId peer, zmq::message_t frame) {
  const std::size_t bytes = frame.size();
  Waiting& waiting = waiting_[peer];
  waiting.decoding_bytes = bytes;
  waiting_bytes_ += bytes;
  try {
    decode(peer, std::move(frame), bytes);
  } catch (const std::exception& error) {  // Nothing would ever hand over what waits behind it.
    logger_.error("bus.exception peer={} what={}", peer.value, error.what());
    waiting_bytes_ -= waiting.bytes();
    waiting_.erase(peer);
    endpoint_->cut(peer, "a large message could not be decoded");
  }
}

void LargeFrames::decode(PeerId peer, zmq::message_t frame, std::size_t bytes) {
  struct Held {
    PeerId peer;
    std::size_t bytes;
  };
  auto job = make_job(
      Held{peer, bytes},
      [this, frame = std::move(frame)]() mutable { return listener_.decode(std::move(frame)); },
      [this](Now now, Held held, const DecodingListener::Decoded& decoded) {
        finish(now, held.peer, held.bytes, decoded);
      },
      [this](Held held, const Error& why) {
        finish(Now::read(), held.peer, held.bytes, [this, &why](Now now, PeerId from) {
          listener_.on_malformed(now, from, why.message);
        });
      });
  // It has been dropped if the service is stopping. Otherwise there is room for a frame of each.
  static_cast<void>(decoder_.submit(std::move(job), {{}, waiting_[peer].decoding.token()}));
}

void LargeFrames::finish(Now now, PeerId peer, std::size_t bytes,
                         const DecodingListener::Decoded& decoded) {
  waiting_bytes_ -= bytes;
  const auto at = waiting_.find(peer);
  if (at == waiting_.end()) return;  // It has left.
  at->second.decoding_bytes = 0;
  guarded(now, peer, [&] { decoded(now, peer); });
  go_on(now, peer, at->second);
}

// Hands over what has waited, up to the next large frame or for one turn.
void LargeFrames::go_on(Now now, PeerId peer, Waiting& waiting) {
  for (int handled = 0; !waiting.events.empty(); ++handled) {
    if (handled == kEventsPerTurn) return go_on_later(peer);
    Event event = std::move(waiting.events.front());
    waiting.events.pop_front();
    auto* const frame = std::get_if<zmq::message_t>(&event);
    const std::size_t bytes =
        kEventBytes + (frame != nullptr ? frame->size() : std::get<Malformed>(event).reason.size());
    waiting.event_bytes -= bytes;
    waiting_bytes_ -= bytes;
    if (frame == nullptr) {
      listener_.on_malformed(now, peer, std::get<Malformed>(event).reason);
    } else if (is_large(*frame)) {
      return begin(peer, std::move(*frame));
    } else {
      guarded(now, peer, [&] { listener_.on_message(now, peer, *frame); });
    }
  }
  const bool is_gone = waiting.is_gone;
  waiting_.erase(peer);
  if (is_gone) listener_.on_peer_gone(now, peer);
}

// By way of the decoder's thread, so that what others have sent comes first.
void LargeFrames::go_on_later(PeerId peer) {
  const auto finish_turn = [this, peer](Now now) { finish(now, peer, 0, [](Now, PeerId) {}); };
  auto job = make_job([] {}, finish_turn, [] {});
  static_cast<void>(decoder_.submit(std::move(job), {}));
}

// As the endpoint does it for what it hands over itself.
template <class Handle>
void LargeFrames::guarded(Now now, PeerId peer, const Handle& handle) {
  try {
    handle();
  } catch (const std::exception& error) {
    logger_.error("bus.exception peer={} what={}", peer.value, error.what());
    listener_.on_malformed(now, peer, "internal error");
  }
}

}  // namespace ccbus
