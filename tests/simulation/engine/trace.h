#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "service/base/clock.h"

namespace ccbus::simulation {

// What happened in a simulation, a line for each event. Two runs of one seed have the same lines,
// and so the same hash.
class Trace {
 public:
  explicit Trace(bool is_shown) : is_shown_(is_shown) {}

  // Each line begins with the number of the step and the time.
  void begin_step(std::uint64_t step, SteadyTime now) {
    step_ = step;
    now_ = now;
  }
  void add(std::string_view line);

  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] std::uint64_t step() const { return step_; }
  // The last lines, for the report of a failure.
  [[nodiscard]] std::string tail() const;

 private:
  static constexpr std::size_t kKeptLines = 60;

  const bool is_shown_;  // On the standard output.
  std::uint64_t step_ = 0;
  SteadyTime now_{};
  std::uint64_t hash_ = 14695981039346656037u;  // FNV-1a.
  std::deque<std::string> last_;
};

}  // namespace ccbus::simulation
