#pragma once

#include <string>

#include "service/load/result/scenario_result.h"

namespace ccbus::cli {

// Writes a result as one self-contained HTML page: it has no scripts, loads no other resources, and
// follows the reader's choice of light or dark. It is also well-formed XML, so that other programs
// can read it. Pure.
[[nodiscard]] std::string bench_page(const load::ScenarioResult& result);

}  // namespace ccbus::cli
