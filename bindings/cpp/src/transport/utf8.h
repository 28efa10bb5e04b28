#pragma once

#include <string_view>

namespace ccbus::transport {

// U+10FFFF: no composite key holds it, so it ends a range that covers every key with one prefix.
inline constexpr std::string_view kLargestCodePoint = "\xf4\x8f\xbf\xbf";

// As the Unicode standard has it: no surrogates, no overlong forms, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace ccbus::transport
