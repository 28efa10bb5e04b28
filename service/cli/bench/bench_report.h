#pragma once

#include <string>

#include "service/cli/terminal/exit_code.h"
#include "service/load/result/load_result.h"
#include "service/load/result/scenario_result.h"
#include "service/load/run/run.h"

namespace ccbus::cli {

// Writes a run's result as text. Ends with a line break.
[[nodiscard]] std::string format_bench(const load::LoadResult& result);

// The same for all phases, with a table that summarises them.
[[nodiscard]] std::string format_bench(const load::ScenarioResult& scenario);

// Returns what the operations of that mode are called, in the plural.
[[nodiscard]] std::string operations(load::Mode mode);

// Writes one line on the progress of a run.
[[nodiscard]] std::string format_bench_progress(const load::Progress& progress);

// Returns kRefused if operations failed or are unanswered, or if counts do not add up; otherwise
// kSuccess.
[[nodiscard]] ExitCode bench_exit_code(const load::ScenarioResult& result);

}  // namespace ccbus::cli
