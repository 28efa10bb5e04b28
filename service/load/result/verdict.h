#pragma once

#include <string>
#include <vector>

#include "service/load/result/load_result.h"

namespace ccbus::load {

// What bounded the run, as far as its figures tell: sentences with those figures, the load's own
// side first, since whatever is wrong there makes the rest worth little. Pure.
[[nodiscard]] std::vector<std::string> find_bottlenecks(const LoadResult& result);

// True where the generator had no time left, or did not keep its schedule: the figures are partly
// its own.
[[nodiscard]] bool is_bounded_by_generator(const LoadResult& result);

}  // namespace ccbus::load
