#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "service/base/byte_budget.h"
#include "zmq.hpp"

namespace ccbus::bus {

// Frames of at least this size are counted until libzmq has written them to the connection. Smaller
// ones are counted until libzmq has taken them; a pipe holds at most pipe_messages_max of them.
inline constexpr std::size_t kCountedFrameBytes = 8192;

// How many bytes of counted frames are under way to one peer. Any thread.
using PeerBytes = std::atomic<std::size_t>;

// Returns the same frame, counted in both places until it is destroyed, which libzmq does on its
// own thread. Copies nothing.
[[nodiscard]] inline zmq::message_t counted(zmq::message_t frame,
                                            std::shared_ptr<PeerBytes> of_peer,
                                            std::shared_ptr<ByteBudget> of_all) {
  struct Counted {
    zmq::message_t frame;
    std::shared_ptr<PeerBytes> of_peer;
    std::shared_ptr<ByteBudget> of_all;
  };
  const auto give_back = [](void*, void* hint) {
    const std::unique_ptr<Counted> ended(static_cast<Counted*>(hint));
    const std::size_t bytes = ended->frame.size();
    ended->of_peer->fetch_sub(bytes, std::memory_order_relaxed);
    ended->of_all->give_back(bytes);
  };
  auto held =
      std::make_unique<Counted>(Counted{std::move(frame), std::move(of_peer), std::move(of_all)});
  const std::size_t bytes = held->frame.size();
  zmq::message_t made(held->frame.data(), bytes, +give_back, held.get());
  Counted& under_way = *held.release();
  under_way.of_peer->fetch_add(bytes, std::memory_order_relaxed);
  under_way.of_all->add(bytes);
  return made;
}

}  // namespace ccbus::bus
