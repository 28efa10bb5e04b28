#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace ccbus::transport {

// The delay before the next attempt: it doubles between two bounds, and each delay is shortened at
// random by up to a half, so that many processes that lost the same peer do not return together.
class Backoff {
 public:
  using Delay = std::chrono::milliseconds;

  Backoff(Delay delay_min, Delay delay_max, std::uint32_t seed)
      : delay_min_(delay_min), delay_max_(delay_max), delay_(delay_min), random_(seed) {}

  [[nodiscard]] Delay next() {
    const Delay longest = delay_;
    delay_ = std::min(delay_ * 2, delay_max_);
    std::uniform_int_distribution<Delay::rep> between(longest.count() / 2, longest.count());
    return Delay{between(random_)};
  }

  // Call after a success.
  void reset() { delay_ = delay_min_; }

 private:
  Delay delay_min_;
  Delay delay_max_;
  Delay delay_;
  std::minstd_rand random_;
};

}  // namespace ccbus::transport
