#pragma once

#include <chrono>
#include <cstdint>
#include <random>

#include "service/base/clock.h"

namespace ccbus::load {

// When requests are to begin in an open loop: Poisson arrivals, as independent users make them.
// They come whether or not the service keeps up, which is what makes a queue visible.
class ArrivalSchedule {
 public:
  // `rate` is above 0, arrivals each second. One seed gives one sequence.
  ArrivalSchedule(double rate, std::uint64_t seed, SteadyTime start);

  // The next arrival; the one after it once it is taken.
  [[nodiscard]] SteadyTime next() const { return next_; }
  SteadyTime take();

 private:
  void advance();

  const double mean_gap_ns_;
  std::mt19937_64 random_;
  // The exact sum: gaps that were rounded one by one would shift the rate.
  const SteadyTime start_;
  double elapsed_ns_ = 0;
  SteadyTime next_;
};

}  // namespace ccbus::load
