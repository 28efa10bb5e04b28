#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// Durations as people write them: a whole number and ms, s, m or h.
//
// Errors: kInvalid, naming the text.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// The shortest exact form: 30s, 1500ms, 2m.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace ccbus
