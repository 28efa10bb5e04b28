#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "service/base/cancellation.h"
#include "service/base/job.h"
#include "service/base/log.h"
#include "service/bus/router_endpoint.h"

namespace ccbus {

// A listener whose messages can be decoded on another thread.
class DecodingListener : public bus::EndpointListener {
 public:
  // What was decoded, on its way to the bus thread; handles it there.
  using Decoded = std::function<void(Now, PeerId)>;

  // On any thread. Takes the frame.
  [[nodiscard]] virtual Decoded decode(zmq::message_t frame) = 0;
};

// Stands between an endpoint and its listener and has large messages decoded on another thread, so
// that none of them holds the bus thread. What the same peer sends meanwhile waits here, in order
// and in bytes up to a limit; what others send does not.
//
// Thread: bus thread.
// Blocks: never.
class LargeFrames final : public bus::EndpointListener {
 public:
  // Smaller frames take less than a millisecond to decode.
  static constexpr std::size_t kLargeBytes = 1u << 20;

  struct Options {
    std::size_t frame_bytes_max;      // What is larger goes to the listener, which refuses it.
    std::size_t waiting_bytes_max;    // Of one peer, with the frame that is being decoded.
    std::size_t waiting_bytes_total;  // Of all.
    // Whether what a peer has sent is handled even after it has left; else it is dropped.
    bool handles_last_messages = false;
  };
  // The references outlive this object and the jobs that it submits.
  LargeFrames(const Options& options, Background& decoder, DecodingListener& listener,
              Logger& logger)
      : options_(options), decoder_(decoder), listener_(listener), logger_(logger) {}

  // Call it before the first message, with the endpoint that a peer above the limit is cut from.
  // It outlives this object's use of it.
  void attach(bus::RouterEndpoint& endpoint) { endpoint_ = &endpoint; }

  void on_message(Now now, PeerId peer, zmq::message_t& frame) override;
  void on_malformed(Now now, PeerId peer, std::string_view reason) override;
  void on_peer_gone(Now now, PeerId peer) override;
  bool on_peer_came(Now now, PeerId peer, std::string_view public_key) override {
    return listener_.on_peer_came(now, peer, public_key);
  }
  bool may_stay(PeerId peer) const override { return listener_.may_stay(peer); }
  void check_peers(std::span<const PeerId> connected) const override {
    listener_.check_peers(connected);
  }

 private:
  struct Malformed {
    std::string reason;
  };
  using Event = std::variant<zmq::message_t, Malformed>;
  // A peer one of whose frames is being decoded, and what it has sent since.
  struct Waiting {
    std::deque<Event> events;
    std::size_t event_bytes = 0;
    std::size_t decoding_bytes = 0;
    bool is_gone = false;
    CancellationSource decoding;  // Cancelled when a chaincode leaves: nobody needs the frame.

    [[nodiscard]] std::size_t bytes() const { return event_bytes + decoding_bytes; }
  };

  [[nodiscard]] bool is_large(const zmq::message_t& frame) const;
  void begin(PeerId peer, zmq::message_t frame);
  void decode(PeerId peer, zmq::message_t frame, std::size_t bytes);
  void finish(Now now, PeerId peer, std::size_t bytes, const DecodingListener::Decoded& decoded);
  void go_on(Now now, PeerId peer, Waiting& waiting);
  void go_on_later(PeerId peer);
  [[nodiscard]] bool has_room(PeerId peer, std::size_t of_peer, std::size_t bytes);
  void wait(PeerId peer, Waiting& waiting, Event event, std::size_t bytes);
  template <class Handle>
  void guarded(Now now, PeerId peer, const Handle& handle);

  const Options options_;
  Background& decoder_;
  DecodingListener& listener_;
  Logger& logger_;
  bus::RouterEndpoint* endpoint_ = nullptr;
  std::unordered_map<PeerId, Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;  // Also of frames that are decoded for peers that have left.
};

}  // namespace ccbus
