#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::cli {

// Reads the JSON object in the value of `flag`. Errors: kInvalid, naming the flag and the position.
[[nodiscard]] Result<nlohmann::json> parse_json_object(std::string_view flag,
                                                       std::string_view text);

}  // namespace ccbus::cli
