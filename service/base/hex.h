#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccbus {

// Writes bytes as hexadecimal digits: two lower-case digits for each byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);

// Reads what to_hex() writes. Returns nullopt if the text is anything else: an odd number of
// digits, upper-case digits, other characters.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

}  // namespace ccbus
