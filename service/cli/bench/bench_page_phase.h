#pragma once

#include <string>

#include "service/load/result/load_result.h"

namespace ccbus::cli {

// The parts of bench_page() that each phase has.

// What bounded the run, and what does not add up.
[[nodiscard]] std::string verdict(const load::LoadResult& result);

// Histogram, latencies, who was busy, totals, the plan.
[[nodiscard]] std::string phase_sections(const load::LoadResult& result);

// The command that runs a plan again: what differs from the plan that stands there. Values are
// quoted for a shell where they need it.
[[nodiscard]] std::string bench_command_line(const load::WorkloadPlan& plan);

}  // namespace ccbus::cli
