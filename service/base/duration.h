#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// Reads a duration as people write it: a whole number followed by ms, s, m or h.
//
// Errors: kInvalid, naming the text.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// Writes a duration in its shortest exact form: 30s, 1500ms, 2m.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace ccbus
