#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus::cli {

// Returns the arguments in the value of -c, with the function's name first:
//   {"Args":["CreateAsset","a1"]}   {"function":"CreateAsset","Args":["a1"]}
// "Function" and "args" are accepted too; any other key is an error.
//
// Errors: kInvalid, with the position if it is not JSON, and the index of an argument that is not a
// string.
[[nodiscard]] Result<std::vector<std::string>> parse_chaincode_input(std::string_view text);

}  // namespace ccbus::cli
