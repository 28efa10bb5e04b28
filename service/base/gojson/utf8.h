#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ccbus::gojson {

// The bytes of the character of UTF-8 that `text` begins with; 0 if it begins with none. `text` is
// not empty.
[[nodiscard]] std::size_t utf8_size(std::string_view text);

// Whether Go takes all of it for UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

void append_rune(std::string& out, std::uint32_t rune);

}  // namespace ccbus::gojson
