#include "tests/bench/bench_program.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace ccbus::bench {

void print_tables(const std::vector<FigureTable>& tables, const Arguments& arguments) {
  nlohmann::json all = nlohmann::json::array();
  for (const FigureTable& table : tables) {
    if (arguments.json) {
      all.push_back(table.to_json());
    } else {
      table.print();
    }
  }
  if (arguments.json) std::printf("%s\n", all.dump().c_str());
}

void print_not_measured(const std::string& why, const Arguments& arguments) {
  if (arguments.json) {
    std::printf("%s\n", nlohmann::json{{"not_measured", why}}.dump().c_str());
  } else {
    std::printf("Not measured: %s\n", why.c_str());
  }
}

int run_program(int argc, char** argv, const Program& program,
                const std::function<void(const Arguments&)>& run) {
  const std::string name = std::filesystem::path(argv[0]).filename().string();
  CLI::App app(program.about);
  app.footer("Example: " + name +
             " --quick\n"
             "Exit codes: 0 measured, every count and value right; 1 something failed; "
             "2 wrong usage.");
  Arguments arguments;
  bool quick = false;
  app.add_flag("--quick", quick, "Little of everything: shows that it works, not how fast");
  app.add_flag("--json", arguments.json, "JSON in place of tables");
  if (program.add_options) program.add_options(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  arguments.amount = quick ? Amount::kQuick : Amount::kWhole;
  try {
    run(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), error.what());
    return 1;
  }
  return 0;
}

int run_bench(int argc, char** argv, const Program& program,
              const std::function<std::vector<FigureTable>(Amount)>& measure) {
  return run_program(argc, argv, program, [&](const Arguments& arguments) {
    print_tables(measure(arguments.amount), arguments);
  });
}

}  // namespace ccbus::bench
