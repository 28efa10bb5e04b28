#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccbus {

// The one of `known`, which is not empty, that somebody who wrote `unknown` will have meant: the
// fewest letters have to be changed. Upper and lower case count as one.
[[nodiscard]] std::string nearest_name(std::string_view unknown,
                                       const std::vector<std::string>& known);

}  // namespace ccbus
