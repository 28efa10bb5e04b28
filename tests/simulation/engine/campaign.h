#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/simulation/engine/world.h"

namespace ccbus::simulation {

// What some seeds came to together.
struct CampaignResult {
  std::uint64_t seeds = 0;
  Outcome total;  // Sums; the finding and its trace are those of the failed seed.
  std::optional<std::uint64_t> failed_seed;  // The first one; no seed after it was run.
};

[[nodiscard]] Outcome run_seed(std::uint64_t seed, bool shows_trace);
[[nodiscard]] CampaignResult run_seeds(std::uint64_t first, std::uint64_t count, bool shows_trace);

// For people, with the command that plays a failed seed again.
[[nodiscard]] std::string describe(const CampaignResult& result);

}  // namespace ccbus::simulation
