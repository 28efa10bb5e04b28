#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/bench/figure_table.h"

namespace CLI {
class App;
}

namespace ccbus::bench {

// How much is measured.
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

// The main() of a benchmark that answers one question; returns the exit code. `run` prints its
// measurements, and throws an exception derived from std::exception if a count or a value is wrong.
[[nodiscard]] int run_program(int argc, char** argv, const Program& program,
                              const std::function<void(const Arguments&)>& run);

// Prints to standard output, in the form that the arguments ask for.
void print_tables(const std::vector<FigureTable>& tables, const Arguments& arguments);

// In place of tables: why there are none.
void print_not_measured(const std::string& why, const Arguments& arguments);

// The same as run_program(), for results that are tables.
[[nodiscard]] int run_bench(int argc, char** argv, const Program& program,
                            const std::function<std::vector<FigureTable>(Amount)>& measure);

}  // namespace ccbus::bench
