#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

namespace ccbus {

// Text that others sent (names, versions, error messages, HTTP headers) may contain line ends,
// which forge log lines, and escape sequences, which a terminal obeys. These functions make it
// printable: control characters, line separators, characters that change the direction of writing,
// and bytes that are not UTF-8 are written as escapes: \n \r \t \x1b \u{2028}. All other characters
// stay as they are. A backslash is not doubled, since it cannot end a line.

// Returns the number of bytes at the beginning of `text` that need no escape; text.size() if the
// whole text is printable. Reads eight bytes at a time as long as they are ASCII.
[[nodiscard]] std::size_t printable_prefix(std::string_view text);

// Returns the text in its printable form. If that form is longer than `bytes_max` bytes it is cut
// there, between two characters, and followed by the size of the whole text: "abc... (1048576
// bytes)".
[[nodiscard]] std::string printable(
    std::string_view text, std::size_t bytes_max = std::numeric_limits<std::size_t>::max());

}  // namespace ccbus
