#pragma once

#include <cstddef>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// Fabric's rule for channel ids: lower-case letters, digits, dots and dashes, a letter first. It
// also keeps them fit for a directory's name.
// Errors: kInvalid, with the id and the rule.
[[nodiscard]] Result<void> check_channel_id(std::string_view id, std::size_t bytes_max);

}  // namespace ccbus
