#pragma once

#include <string>

#include "service/load/result/load_result.h"

namespace ccbus::cli {

// The parts of bench_page() for one phase.

// What bounded the run, and the counts that do not add up.
[[nodiscard]] std::string verdict(const load::LoadResult& result);

// Histogram, latencies, processor usage, totals, and the plan.
[[nodiscard]] std::string phase_sections(const load::LoadResult& result);

// Returns the command that runs a plan again: the options that differ from the defaults. Values are
// quoted for a shell if necessary.
[[nodiscard]] std::string bench_command_line(const load::WorkloadPlan& plan);

}  // namespace ccbus::cli
