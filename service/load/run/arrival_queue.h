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

// An open loop's arrivals between their time and their send: whoever finds no room waits here, in
// order, and nobody's time is forgotten. Sans-I/O.
class ArrivalQueue {
 public:
  // Arrivals come from `start` to the end of the window.
  ArrivalQueue(double rate, std::uint64_t seed, SteadyTime start, const Window& window)
      : schedule_(rate, seed, start), window_(window) {}

  // Lets those in that are due.
  void collect(SteadyTime now);

  // The intended time of the next one to send, if it was collected and the window is not over.
  [[nodiscard]] std::optional<SteadyTime> take(SteadyTime now);
  [[nodiscard]] bool empty() const { return waiting_.empty(); }

  // When the next one is due.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  void shorten(SteadyTime until) { window_.until = until; }

  // Those of the window.
  [[nodiscard]] Schedule schedule() const;

 private:
  ArrivalSchedule schedule_;
  Window window_;
  std::deque<SteadyTime> waiting_;  // Oldest first.
  std::uint64_t intended_ = 0;
  LatencyHistogram lag_;
};

}  // namespace ccbus::load
