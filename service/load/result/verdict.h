#pragma once

#include <string>
#include <vector>

#include "service/load/result/load_result.h"

namespace ccbus::load {

// Returns sentences, with figures, on what bounded the run, as far as the result shows. Findings
// about the load generator come first, since they make all other figures unreliable. Pure.
[[nodiscard]] std::vector<std::string> find_bottlenecks(const LoadResult& result);

// Returns true if the generator had no processor time left or did not keep its schedule, so that
// the figures partly measure the generator itself.
[[nodiscard]] bool is_bounded_by_generator(const LoadResult& result);

}  // namespace ccbus::load
