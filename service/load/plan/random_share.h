#pragma once

#include <random>

namespace ccbus::load {

// Returns a random number, uniformly distributed in [0, 1). A seed must give the same run
// everywhere; the distributions of the standard library may differ between libraries.
[[nodiscard]] inline double random_share(std::mt19937_64& random) {
  constexpr double kScale = 1.0 / 9007199254740992.0;  // 2^-53: as many bits as a double holds.
  return static_cast<double>(random() >> 11) * kScale;
}

}  // namespace ccbus::load
