#include "service/load/plan/arrival_schedule.h"

#include <cmath>

#include "service/base/assert.h"
#include "service/load/plan/random_share.h"

namespace ccbus::load {

ArrivalSchedule::ArrivalSchedule(double rate, std::uint64_t seed, SteadyTime start)
    : mean_gap_ns_(1e9 / rate), random_(seed), start_(start) {
  CCBUS_ASSERT(rate > 0);
  advance();
}

SteadyTime ArrivalSchedule::take() {
  const SteadyTime taken = next_;
  advance();
  return taken;
}

// The gaps of a Poisson process are exponential.
void ArrivalSchedule::advance() {
  elapsed_ns_ += -std::log1p(-random_share(random_)) * mean_gap_ns_;
  next_ = start_ + std::chrono::nanoseconds(static_cast<std::int64_t>(elapsed_ns_));
}

}  // namespace ccbus::load
