#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ccbus::curve {

// The values of a ZPL text (ZeroMQ RFC 4) by their place: "curve/public-key". Indentation is by
// four blanks a level; a value is quoted by ' or ", or ends with its line or a comment.
//
// Errors: std::invalid_argument, naming the line: a tab or another control character, an
// indentation that is none, a name that is none, a quote without its end, a place that is given
// twice.
[[nodiscard]] std::map<std::string, std::string> parse_zpl(std::string_view text);

// Whether a text may be the name of a ZPL property.
[[nodiscard]] bool is_zpl_name(std::string_view text);

// A value in the quotes that it does not contain itself.
// Errors: std::invalid_argument if it has both, or a control character.
[[nodiscard]] std::string quote_zpl(std::string_view value);

}  // namespace ccbus::curve
