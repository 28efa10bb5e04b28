#pragma once

#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::cli {

// RFC 4648 with padding, as JSON carries bytes.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

// Errors: kInvalid for any other character, wrong padding, or bits that encode nothing.
[[nodiscard]] Result<std::string> decode_base64(std::string_view text);

}  // namespace ccbus::cli
