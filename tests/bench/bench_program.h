#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/bench/figure_table.h"

namespace ccbus::bench {

// How much of everything is to be measured.
enum class Amount {
  kWhole,
  kQuick,  // Shows that it works, not how fast.
};

// The main() of a benchmark that answers one question: --quick, --json, --help. `measure` throws
// what is derived from std::exception where a count or a value is not what it has to be.
[[nodiscard]] int run_bench(int argc, char** argv, const std::string& about,
                            const std::function<std::vector<FigureTable>(Amount)>& measure);

}  // namespace ccbus::bench
