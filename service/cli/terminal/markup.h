#pragma once

#include <string>
#include <string_view>

namespace ccbus::cli {

// Escapes text for XML and HTML, in elements and in attributes with double quotes. Control
// characters that XML does not allow, and bytes that are not UTF-8, become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace ccbus::cli
