#pragma once

#include <string>

#include "service/load/result/scenario_result.h"

namespace ccbus::cli {

// A result as a table for spreadsheets and plots: a line of names, for each phase a row for each
// measured second, and a row of all of them whose second is "total".
//
//   phase       of a scenario; the mode of a run alone
//   second      from 0, of the phase's measured time; or "total"
//   seconds     how long it was: 1, but for the last one
//   succeeded   operations that ended in it
//   conflicts   the same
//   failures    the same
//   per_second  succeeded / seconds
//   p50_us      latency of those that ended in it; in the total row, of those that began
//   p99_us      in the measured time. Empty where there was none
//   max_us      total row only, as all that follow
//   sent        within the measured time
//   service_cores, chaincode_cores, generator_cores   empty where not known
//
// As RFC 4180 has it, with a line feed alone.
[[nodiscard]] std::string bench_csv(const load::ScenarioResult& result);

}  // namespace ccbus::cli
