#pragma once

#include <string_view>

namespace ccbus::transport {

// U+10FFFF, which no composite key contains: as the end of a range it covers all keys of a prefix.
inline constexpr std::string_view kLargestCodePoint = "\xf4\x8f\xbf\xbf";

// Returns true for valid UTF-8: no surrogates, no overlong forms, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace ccbus::transport
