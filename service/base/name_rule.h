#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace ccbus {

// A set of bytes: the characters that a name may contain.
class CharacterSet {
 public:
  constexpr explicit CharacterSet(std::string_view characters) {
    for (const char c : characters) holds_[static_cast<unsigned char>(c)] = true;
  }

  [[nodiscard]] constexpr bool holds(char c) const { return holds_[static_cast<unsigned char>(c)]; }
  [[nodiscard]] constexpr CharacterSet operator|(std::string_view characters) const {
    CharacterSet both = *this;
    for (const char c : characters) both.holds_[static_cast<unsigned char>(c)] = true;
    return both;
  }

 private:
  std::array<bool, 256> holds_{};
};

inline constexpr CharacterSet kLowerCase("abcdefghijklmnopqrstuvwxyz");
inline constexpr CharacterSet kLettersAndDigits =
    kLowerCase | "ABCDEFGHIJKLMNOPQRSTUVWXYZ" | "0123456789";

// The form of a name: the characters that it may begin with, and those that may follow.
struct NameRule {
  CharacterSet first;
  CharacterSet further;
};

// Returns true if a name follows the rule and has from 1 to `bytes_max` bytes.
[[nodiscard]] constexpr bool is_name(std::string_view name, const NameRule& rule,
                                     std::size_t bytes_max) {
  if (name.empty() || name.size() > bytes_max || !rule.first.holds(name.front())) return false;
  for (const char c : name.substr(1)) {
    if (!rule.further.holds(c)) return false;
  }
  return true;
}

}  // namespace ccbus
