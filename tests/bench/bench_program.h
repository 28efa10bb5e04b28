#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/bench/figure_table.h"

namespace CLI {
class App;
}

namespace ccbus::bench {

// How much of everything is to be measured.
enum class Amount {
  kWhole,
  kQuick,  // Shows that it works, not how fast.
};

struct Arguments {
  Amount amount = Amount::kWhole;
  bool json = false;
};

struct Program {
  std::string about;
  std::function<void(CLI::App&)> add_options = {};  // Besides --quick, --json and --help.
};

// The main() of a benchmark that answers one question; returns the exit code. `run` prints what it
// measures, and throws what is derived from std::exception where a count or a value is not what it
// has to be.
[[nodiscard]] int run_program(int argc, char** argv, const Program& program,
                              const std::function<void(const Arguments&)>& run);

// To standard output, as the arguments say.
void print_tables(const std::vector<FigureTable>& tables, const Arguments& arguments);

// The same as run_program() where the answer is tables.
[[nodiscard]] int run_bench(int argc, char** argv, const Program& program,
                            const std::function<std::vector<FigureTable>(Amount)>& measure);

}  // namespace ccbus::bench
