#pragma once

#include <poll.h>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "service/base/clock.h"

namespace ccbus::load {

// Frames that one source takes in a turn, before the others get theirs.
inline constexpr int kFramesPerTurn = 256;

// Something that a run waits for. One thread, one loop over all of them.
class EventSource {
 public:
  virtual ~EventSource() = default;

  // What is to be waited for.
  virtual void add_descriptors(std::vector<pollfd>& descriptors) const = 0;

  // When turn() is due even if nothing comes.
  [[nodiscard]] virtual std::optional<SteadyTime> next_deadline() const { return std::nullopt; }

  // One of its descriptors is readable.
  virtual void on_readable() {}

  // Once around every wait: handles what there is, without waiting. True: there is more.
  virtual bool turn() { return false; }
};

// The loop's one step: gives each source its turn, and where none has more to do waits for any of
// them, at most until `until`.
class Turns {
 public:
  // They outlive it.
  explicit Turns(std::vector<EventSource*> sources) : sources_(std::move(sources)) {}

  void take(SteadyTime until);

 private:
  void wait(SteadyTime until);

  const std::vector<EventSource*> sources_;
  std::vector<pollfd> descriptors_;  // Of all, in order.
  std::vector<std::size_t> ends_;    // Where each one's end.
};

}  // namespace ccbus::load
