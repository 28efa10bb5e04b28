#pragma once

#include <string>
#include <string_view>

#include "service/base/gojson/value.h"

namespace ccbus::gojson {

// The value as Go's Marshal writes it: no white space, and within strings < > & and the line
// separators of JavaScript as escapes. Strings have to be UTF-8. Takes time and memory proportional
// to the value, however deep it is.
[[nodiscard]] std::string encode(const Value& value);

void append_encoded(std::string& out, const Value& value);
void append_encoded_string(std::string& out, std::string_view text);

}  // namespace ccbus::gojson
