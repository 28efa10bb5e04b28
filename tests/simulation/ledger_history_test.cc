// Random histories of concurrent transactions, on the ledger and on a model of it.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <optional>
#include <random>

#include "tests/simulation/history.h"
#include "tests/simulation/ledger_model.h"
#include "tests/simulation/ledger_world.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

// Where ledger and model part; nothing where they agree.
std::optional<std::string> difference(const History& history, LedgerWorld& world, Mistake mistake) {
  LedgerModel model(world.clear(), mistake);
  const std::vector<Line> found = play(history, world);
  const std::vector<Line> expected = play(history, model);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].outcome == expected[i].outcome) continue;
    return found[i].what + "\n  the ledger says: " + found[i].outcome +
           "\n  the model says:  " + expected[i].outcome;
  }
  return std::nullopt;
}

// The shortest history that still shows it, each try on ledgers of its own.
std::string shortest_of(const History& history, Mistake mistake) {
  const auto differs = [mistake](const History& tried) {
    LedgerWorld fresh;
    return difference(tried, fresh, mistake);
  };
  if (!differs(history)) {
    return describe(history) + "only shows after the histories before it";
  }
  const History shown =
      shortest(history, [&](const History& tried) { return differs(tried).has_value(); });
  return describe(shown) + *differs(shown);
}

// The first failure of so many histories, made short; nothing where all agree.
std::optional<std::string> first_failure(std::uint32_t seed, int count, Mistake mistake) {
  LedgerWorld world;
  for (int i = 0; i < count; ++i) {
    const std::uint32_t own_seed = seed + static_cast<std::uint32_t>(i);
    std::mt19937 random(own_seed);
    const History history = random_history(random);
    if (difference(history, world, mistake)) {
      return "CCBUS_SEED=" + std::to_string(own_seed) + "\n" + shortest_of(history, mistake);
    }
  }
  return std::nullopt;
}

// CCBUS_SEED in the environment plays a failure again.
std::uint32_t seed_of_run() {
  const char* given = std::getenv("CCBUS_SEED");
  return given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                          : std::random_device{}();
}

TEST_CASE("random histories of concurrent transactions end on the ledger as on the model",
          "[simulation]") {
  const std::uint32_t seed = seed_of_run();
  INFO("seed of the run: " << seed);
  const auto failure = first_failure(seed, CCBUS_HISTORIES, Mistake::kNone);
  INFO(failure.value_or(""));
  CHECK_FALSE(failure.has_value());
}

TEST_CASE("a model that is wrong is found out, by a history of two transactions at most",
          "[simulation]") {
  for (const Mistake mistake : {Mistake::kPhantomsPass, Mistake::kDeletesAreForgotten}) {
    const auto failure = first_failure(1, 1'000, mistake);
    REQUIRE(failure.has_value());
    INFO(*failure);
    CHECK_THAT(*failure, Contains("CCBUS_SEED=") && Contains("the model says:"));
    CHECK_THAT(*failure, Contains("transaction 0 on channel"));
    CHECK_THAT(*failure, !Contains("transaction 2 on channel"));
  }
  // Private data that outlive their blocks show in the third block.
  const auto failure = first_failure(1, 1'000, Mistake::kPrivateDataLiveOn);
  REQUIRE(failure.has_value());
  CHECK_THAT(*failure, Contains("put") && !Contains("transaction 3 on channel"));
}

}  // namespace
}  // namespace ccbus::test
