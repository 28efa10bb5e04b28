#include "tests/bench/bench_program.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>

namespace ccbus::bench {

int run_bench(int argc, char** argv, const std::string& about,
              const std::function<std::vector<FigureTable>(Amount)>& measure) {
  CLI::App app(about);
  bool quick = false;
  bool json = false;
  app.add_flag("--quick", quick, "Little of everything: shows that it works, not how fast");
  app.add_flag("--json", json, "One JSON array in place of the tables");
  CLI11_PARSE(app, argc, argv);
  try {
    const std::vector<FigureTable> tables = measure(quick ? Amount::kQuick : Amount::kWhole);
    nlohmann::json all = nlohmann::json::array();
    for (const FigureTable& table : tables) {
      if (json) {
        all.push_back(table.to_json());
      } else {
        table.print();
      }
    }
    if (json) std::printf("%s\n", all.dump().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}

}  // namespace ccbus::bench
