#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccbus {

// Returns the name in `known` with the smallest edit distance to `unknown`, ignoring case, to be
// suggested in an error text; first among those that begin with `unknown`. `known` must not be
// empty.
[[nodiscard]] std::string nearest_name(std::string_view unknown,
                                       const std::vector<std::string>& known);

}  // namespace ccbus
