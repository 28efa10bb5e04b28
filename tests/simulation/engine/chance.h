#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ccbus::simulation {

// All that is random in a simulation: a sequence of numbers that a seed determines, the same one on
// every machine.
//
// Source: SplitMix64, S. Vigna, public domain.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
  }

  // From 0 to `count` - 1; `count` is not 0.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  // From `low` to `high`, both included.
  std::size_t between(std::size_t low, std::size_t high) { return low + below(high - low + 1); }
  // True with that many chances in a thousand.
  bool in_thousand(std::size_t chances) { return below(1000) < chances; }

  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  std::string bytes(std::size_t count) {
    std::string made(count, '\0');
    for (char& byte : made) byte = static_cast<char>(next());
    return made;
  }

 private:
  std::uint64_t state_;
};

}  // namespace ccbus::simulation
