#pragma once

#include <chrono>

namespace ccbus {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

// The time of one turn of the loop: read once, then handed to whoever needs it. `steady` decides
// deadlines; `wall` goes into proposals and nowhere else.
struct Now {
  SteadyTime steady;
  WallTime wall;

  [[nodiscard]] static Now read() {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
  }
};

}  // namespace ccbus
