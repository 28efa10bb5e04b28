#pragma once

#include <chrono>
#include <cstdint>
#include <random>

#include "service/base/clock.h"

namespace ccbus::load {

// The times at which requests are to begin in an open loop: a Poisson process, which models
// independent users. Arrivals do not slow down when the service does, so its queues become visible.
class ArrivalSchedule {
 public:
  // `rate` is in arrivals per second, above 0. The same seed gives the same sequence.
  ArrivalSchedule(double rate, std::uint64_t seed, SteadyTime start);

  // The time of the next arrival. take() returns it and advances to the one after it.
  [[nodiscard]] SteadyTime next() const { return next_; }
  SteadyTime take();

 private:
  void advance();

  const double mean_gap_ns_;
  std::mt19937_64 random_;
  // The sum of the gaps, without rounding: rounding each gap would shift the rate.
  const SteadyTime start_;
  double elapsed_ns_ = 0;
  SteadyTime next_;
};

}  // namespace ccbus::load
