#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace ccbus {

// Appends the integer in big-endian order, so that encoded integers sort like their values.
template <std::unsigned_integral Int>
void append_fixed(std::string& out, Int value) {
  for (std::size_t shift = sizeof(Int) * 8; shift != 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> (shift - 8)));
  }
}

// Reads an integer from the first sizeof(Int) bytes; `bytes` must have at least that many.
template <std::unsigned_integral Int>
[[nodiscard]] Int read_fixed(std::string_view bytes) {
  Int value = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i) {
    value = static_cast<Int>(value << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

}  // namespace ccbus
