#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

namespace ccbus::cli {

// Checks of arguments for CLI11. They return why the argument is invalid, or an empty text if it is
// valid.

inline std::string check_not_empty(const std::string& text) {
  return text.empty() ? "must not be empty" : "";
}

// CLI11's own conversion accepts -1 and wraps numbers that are too large.
inline std::string check_number(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  const bool is_number = parsed.ec == std::errc() && parsed.ptr == end;
  return is_number ? "" : "'" + text + "' is no number from 0 to 18446744073709551615";
}

}  // namespace ccbus::cli
