#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "service/base/clock.h"
#include "service/load/plan/arrival_schedule.h"
#include "service/load/result/latency_histogram.h"
#include "service/load/result/load_result.h"
#include "service/load/result/outcome_tally.h"

namespace ccbus::load {

// The arrivals of an open loop that are due and not yet sent, because no request slot is free.
// Oldest first; each keeps its intended time. Sans-I/O.
class ArrivalQueue {
 public:
  // Arrivals come from `start` to the end of the window.
  ArrivalQueue(double rate, std::uint64_t seed, SteadyTime start, const Window& window)
      : schedule_(rate, seed, start), window_(window) {}

  // Adds the arrivals that are due.
  void collect(SteadyTime now);

  // Removes the next arrival to send and returns its intended time. Returns nullopt if none has
  // been collected, or if the window has ended.
  [[nodiscard]] std::optional<SteadyTime> take(SteadyTime now);
  [[nodiscard]] bool empty() const { return waiting_.empty(); }

  // The time of the next arrival that is not yet due; nullopt if there is none in the window.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  void shorten(SteadyTime until) { window_.until = until; }

  // How well the arrivals within the window were sent on time.
  [[nodiscard]] Schedule schedule() const;

 private:
  ArrivalSchedule schedule_;
  Window window_;
  std::deque<SteadyTime> waiting_;  // Oldest first.
  std::uint64_t intended_ = 0;
  LatencyHistogram lag_;
};

}  // namespace ccbus::load
