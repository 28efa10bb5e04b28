#pragma once

#include <cstddef>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// Checks Fabric's rule for channel ids: lower-case letters, digits, dots and dashes, beginning with
// a letter. An id that follows the rule is also safe as the name of a directory.
// Errors: kInvalid, with the id and the rule.
[[nodiscard]] Result<void> check_channel_id(std::string_view id, std::size_t bytes_max);

}  // namespace ccbus
