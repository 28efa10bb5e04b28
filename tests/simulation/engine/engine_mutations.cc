// Runs the simulation on an engine in which one mutation is switched on: it has to find it.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/simulation/engine/campaign.h"
#include "tests/simulation/engine/mutation.h"

namespace ccbus::simulation {

int active_mutation = 0;

namespace {

struct Mutation {
  int number;
  const char* name;
  const char* why;
  const char* stale;  // Why it is not in this program; empty: it is.
};

constexpr Mutation kMutations[] = {
#include "mutation_table.inc"
};

constexpr unsigned kSecondsPerSeed = 60;  // A simulation that hangs has found something, too.

// Runs the seeds in a process of its own, which the mutation may abort. `seed` is the one at hand.
int run_apart(std::uint64_t count, std::uint64_t& seed) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    for (seed = 1; seed <= count; ++seed) {
      alarm(kSecondsPerSeed);
      const Outcome outcome = run_seed(seed, false);
      if (outcome.finding.empty()) continue;
      std::printf("  %s\n", outcome.finding.c_str());
      std::fflush(stdout);
      _exit(1);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

int find(const Mutation& mutation, std::uint64_t count) {
  if (*mutation.stale != '\0') {
    std::printf("%s is not applied: %s\n", mutation.name, mutation.stale);
    return 1;
  }
  std::printf("%s: %s\n", mutation.name, mutation.why);
  active_mutation = mutation.number;
  void* const shared = mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 2;
  auto& seed = *static_cast<std::uint64_t*>(shared);
  const int status = run_apart(count, seed);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    std::printf("NOT FOUND in %llu seeds\n", static_cast<unsigned long long>(count));
    return 1;
  }
  if (WIFSIGNALED(status)) std::printf("  the engine ended: %s\n", strsignal(WTERMSIG(status)));
  std::printf("found by seed %llu\n", static_cast<unsigned long long>(seed));
  return 0;
}

}  // namespace
}  // namespace ccbus::simulation

int main(int argc, char** argv) {
  using namespace ccbus::simulation;
  CLI::App app("Whether the whole-engine simulation finds a mutation of the engine.");
  app.footer(
      "Examples:\n"
      "  engine_mutations --mutation queue_unbounded\n"
      "  engine_mutations --list\n\n"
      "Exit codes: 0 found, 1 not found or not applied, 2 wrong usage.");
  std::string name;
  std::uint64_t count = 400;
  bool lists = false;
  app.add_option("--mutation", name, "Its name; none: the engine as it is, which has no finding");
  app.add_option("--seeds", count, "How many seeds at most")->capture_default_str();
  app.add_flag("--list", lists, "Print the mutations");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (lists) {
    for (const Mutation& one : kMutations) std::printf("%-30s %s\n", one.name, one.why);
    return 0;
  }
  if (name == "none") {
    const auto result = run_seeds(1, count, false);
    std::printf("%s", describe(result).c_str());
    return result.failed_seed ? 1 : 0;
  }
  for (const Mutation& one : kMutations) {
    if (one.name == name) return find(one, count);
  }
  std::fprintf(stderr, "engine_mutations: there is no mutation '%s'; --list shows them\n",
               name.c_str());
  return 2;
}
