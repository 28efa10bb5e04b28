#pragma once

#include <string>
#include <string_view>

namespace ccbus::shim {

// Returns the text as one line that a terminal only shows: control characters, and all bytes beyond
// ASCII if the text is not UTF-8, are written as \x1b. Names that clients chose are in such texts.
[[nodiscard]] std::string log_line(std::string_view text);

}  // namespace ccbus::shim
