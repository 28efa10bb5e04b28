#pragma once

#include <poll.h>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "service/base/clock.h"

namespace ccbus::load {

// The most frames that one source handles in a turn, so that no source starves the others.
inline constexpr int kFramesPerTurn = 256;

// Something that a run waits for. One thread runs one loop over all of them.
class EventSource {
 public:
  virtual ~EventSource() = default;

  // Appends the descriptors to wait for.
  virtual void add_descriptors(std::vector<pollfd>& descriptors) const = 0;

  // When turn() is due even if no descriptor becomes readable; nullopt if there is no such time.
  [[nodiscard]] virtual std::optional<SteadyTime> next_deadline() const { return std::nullopt; }

  // Called when one of its descriptors is readable.
  virtual void on_readable() {}

  // Called once in every turn of the loop: handles what is available, without waiting. Returns true
  // if there is more to do.
  virtual bool turn() { return false; }
};

// One step of the loop: gives each source its turn; if none has more to do, waits for any of them,
// at most until `until`.
class Turns {
 public:
  // The sources must outlive this object.
  explicit Turns(std::vector<EventSource*> sources) : sources_(std::move(sources)) {}

  void take(SteadyTime until);

 private:
  void wait(SteadyTime until);

  const std::vector<EventSource*> sources_;
  std::vector<pollfd> descriptors_;  // Of all sources, in order.
  std::vector<std::size_t> ends_;    // The end of each source's descriptors in descriptors_.
};

}  // namespace ccbus::load
