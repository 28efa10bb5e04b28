#pragma once

#include <map>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::cli {

// Decodes the value of --transient: {"key":"<base64>"}.
// Errors: kInvalid, naming the position or the key.
[[nodiscard]] Result<std::map<std::string, std::string>> parse_transient_input(
    std::string_view text);

}  // namespace ccbus::cli
