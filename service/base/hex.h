#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccbus {

// Bytes as hexadecimal digits, two lower-case ones a byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);

// The bytes that to_hex() has written. Returns nullopt if the text is anything else: an odd number
// of digits, upper-case digits, other characters.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

}  // namespace ccbus
