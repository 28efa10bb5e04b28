#pragma once

#include <string>

#include "service/load/result/scenario_result.h"

namespace ccbus::cli {

// Writes a result as a table for spreadsheets and plots: a line of names, then for each phase one
// row for each measured second and one row for the whole phase, whose second is "total".
//
//   phase       the phase's name; for a plan that was run alone, its mode
//   second      from 0, of the phase's measured time; or "total"
//   seconds     its length: 1, except for the last one
//   succeeded   operations that succeeded in it
//   conflicts   operations that met a conflict in it
//   failures    operations that failed in it
//   per_second  succeeded / seconds
//   p50_us      latency of the operations that ended in it; in the total row, of those that
//   p99_us      began in the measured time. Empty if there were none
//   max_us      in the total row only, as all columns below
//   sent        within the measured time
//   service_cores, chaincode_cores, generator_cores   empty if not known
//
// The format is that of RFC 4180, except that lines end with a line feed only.
[[nodiscard]] std::string bench_csv(const load::ScenarioResult& result);

}  // namespace ccbus::cli
