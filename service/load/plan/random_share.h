#pragma once

#include <random>

namespace ccbus::load {

// Evenly from [0, 1). The standard's distributions may differ from library to library; a seed has
// to give the same run everywhere.
[[nodiscard]] inline double random_share(std::mt19937_64& random) {
  constexpr double kScale = 1.0 / 9007199254740992.0;  // 2^-53: as many bits as a double holds.
  return static_cast<double>(random() >> 11) * kScale;
}

}  // namespace ccbus::load
