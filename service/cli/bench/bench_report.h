#pragma once

#include <string>

#include "service/cli/terminal/exit_code.h"
#include "service/load/result/load_result.h"
#include "service/load/result/scenario_result.h"
#include "service/load/run/run.h"

namespace ccbus::cli {

// A run's result for people. Ends with a line break.
[[nodiscard]] std::string format_bench(const load::LoadResult& result);

// The same of all phases, and a table of them.
[[nodiscard]] std::string format_bench(const load::ScenarioResult& scenario);

// What an operation of that mode is called, in the plural.
[[nodiscard]] std::string operations(load::Mode mode);

// One line on a run that is under way.
[[nodiscard]] std::string format_bench_progress(const load::Progress& progress);

// 1 where operations failed or are unanswered, or where counts do not add up.
[[nodiscard]] ExitCode bench_exit_code(const load::ScenarioResult& result);

}  // namespace ccbus::cli
