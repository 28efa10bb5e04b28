// Runs seeds of the whole-engine simulation, or one of them again with its trace.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "tests/simulation/engine/campaign.h"

int main(int argc, char** argv) {
  CLI::App app("Runs the engine, the gateway and the ledger in a simulated world, seed by seed.");
  app.footer(
      "Examples:\n"
      "  engine_simulation --seeds 1000        1,000 seeds from 1 on\n"
      "  engine_simulation --seed 42 --trace   one seed, with all that happens in it\n\n"
      "Exit codes: 0 every promise was kept, 1 one was broken, 2 wrong usage.");
  std::uint64_t first = 1;
  std::uint64_t count = 1;
  bool shows_trace = false;
  app.add_option("--seed", first, "The seed, or the first one")->capture_default_str();
  app.add_option("--seeds", count, "How many seeds")->capture_default_str();
  app.add_flag("--trace", shows_trace, "Print a line for each event");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto result = ccbus::simulation::run_seeds(first, count, shows_trace);
  std::printf("%s", ccbus::simulation::describe(result).c_str());
  return result.failed_seed ? 1 : 0;
}
