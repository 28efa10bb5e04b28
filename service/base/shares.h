#pragma once

#include <cstddef>

namespace ccbus {

// The rule by which holders share a limited number of places or bytes without a configuration for
// each of them: one may take more only while it has less than is free. So one holder gets at most
// half of all, the next one half of the rest, and a newcomer is refused only if nothing is free.
// With a weight of 2 one holder gets at most two thirds.
[[nodiscard]] constexpr bool may_take_more(std::size_t held, std::size_t free,
                                           std::size_t weight = 1) {
  return free > 0 && held / weight < free;
}

}  // namespace ccbus
