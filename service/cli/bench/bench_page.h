#pragma once

#include <string>

#include "service/load/result/scenario_result.h"

namespace ccbus::cli {

// A result as one page of HTML, to be opened from disk and sent around: it has no scripts, asks for
// nothing from anywhere, and follows the reader's choice of light or dark. It is well-formed XML
// too, so that other programs can read it. Pure.
[[nodiscard]] std::string bench_page(const load::ScenarioResult& result);

}  // namespace ccbus::cli
