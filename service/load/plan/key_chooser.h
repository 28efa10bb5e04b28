#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace ccbus::load {

// Which key an access goes to: evenly to any, or a share of them to a few hot ones; or each to a
// new one, so that no two transactions meet.
class KeyChooser {
 public:
  struct Options {
    std::uint64_t keys = 0;      // 0: a new one for every access.
    std::uint64_t hot_keys = 0;  // The first so many are hot; 0: none is.
    double hot_share = 1;        // Of the accesses that go to them.
    std::uint64_t seed = 1;
    // Begins every new key, so that a second run meets none of the first one's.
    std::string run;
  };

  explicit KeyChooser(Options options);

  [[nodiscard]] std::string next();

  // The beginning of a range of so many keys, which ends before key_name(first + keys). `keys` is
  // at most the number of keys.
  [[nodiscard]] std::uint64_t range_begin(std::uint64_t keys);

 private:
  [[nodiscard]] std::uint64_t below(std::uint64_t limit);

  const Options options_;
  std::mt19937_64 random_;
  std::uint64_t new_keys_ = 0;
};

// The key of a number: key-00000042. Names sort as numbers do.
[[nodiscard]] std::string key_name(std::uint64_t number);

}  // namespace ccbus::load
