#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace ccbus::load {

// Chooses the key of each access: uniformly from all keys; or a share of the accesses from a few
// hot keys; or a new key for every access, so that no two transactions conflict.
class KeyChooser {
 public:
  struct Options {
    std::uint64_t keys = 0;      // 0: a new key for every access.
    std::uint64_t hot_keys = 0;  // How many of the first keys are hot; 0: none.
    double hot_share = 1;        // The share of the accesses that go to hot keys.
    std::uint64_t seed = 1;
    // A prefix of every new key, so that a run does not use the new keys of an earlier one.
    std::string run;
  };

  explicit KeyChooser(Options options);

  [[nodiscard]] std::string next();

  // Chooses the number of the first key of a range of `keys` keys, all of which exist: the range
  // ends before key_name(first + keys). `keys` is at most Options::keys.
  [[nodiscard]] std::uint64_t range_begin(std::uint64_t keys);

 private:
  [[nodiscard]] std::uint64_t below(std::uint64_t limit);

  const Options options_;
  std::mt19937_64 random_;
  std::uint64_t new_keys_ = 0;
};

// Returns the key with that number, as key-00000042. The names sort like the numbers.
[[nodiscard]] std::string key_name(std::uint64_t number);

}  // namespace ccbus::load
