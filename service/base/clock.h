#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace ccbus {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

// Later than every deadline.
inline constexpr SteadyTime kNever = SteadyTime::max();

// The time of one turn of the loop: read once, then passed down to everything that needs it.
// `steady` decides deadlines; `wall` goes into proposals and nowhere else.
struct Now {
  SteadyTime steady;
  WallTime wall;

  [[nodiscard]] static Now read() {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
  }
};

// Returns the earlier of two times; nullopt if both are absent.
[[nodiscard]] inline std::optional<SteadyTime> earlier(std::optional<SteadyTime> one,
                                                       std::optional<SteadyTime> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace ccbus
