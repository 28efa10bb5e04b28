#pragma once

#include <string>
#include <string_view>

namespace ccbus::cli {

// Text for XML and HTML, in elements and in attributes that have double quotes. Control characters
// that no XML may hold, and bytes that are no UTF-8, become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace ccbus::cli
