#pragma once

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace ccbus::bench {

using Clock = std::chrono::steady_clock;

struct Figures {
  double p50_us = 0;
  double p99_us = 0;
  double per_second = 0;
  double cpu_us = 0;  // The server's processor time for each, of all its threads.
};

// The durations of many operations, and their total time.
class Measurement {
 public:
  void add(Clock::duration latency) { latencies_.push_back(latency); }
  void add_elapsed(Clock::duration elapsed) { elapsed_ += elapsed; }
  void add_cpu(std::chrono::nanoseconds used) { cpu_ += used; }
  [[nodiscard]] std::size_t count() const { return latencies_.size(); }

  // At least one duration must have been added.
  [[nodiscard]] Figures figures() const;

 private:
  std::vector<Clock::duration> latencies_;
  Clock::duration elapsed_{0};
  std::chrono::nanoseconds cpu_{0};
};

// `values` must not be empty.
[[nodiscard]] double median(std::vector<double> values);

// The median of one figure over all rounds.
template <class Rounds, class Pick>
[[nodiscard]] double median_of(const Rounds& rounds, Pick pick) {
  std::vector<double> picked;
  for (const auto& round : rounds) picked.push_back(pick(round));
  return median(std::move(picked));
}

}  // namespace ccbus::bench
