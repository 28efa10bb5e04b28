#pragma once

#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::cli {

// Base64 according to RFC 4648, with padding; JSON carries bytes in this form.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

// Errors: kInvalid for any other character, wrong padding, or unused bits that are not zero.
[[nodiscard]] Result<std::string> decode_base64(std::string_view text);

}  // namespace ccbus::cli
