#include "tests/simulation/engine/campaign.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "tests/simulation/engine/repeatable_identity.h"

namespace ccbus::simulation {
namespace {

// One for all seeds: making it takes longer than many steps.
const security::SigningIdentity& identity() {
  static const security::SigningIdentity made = repeatable_identity();
  return made;
}

void add(Outcome& total, const Outcome& one) {
  total.steps += one.steps;
  total.actors += one.actors;
  total.transactions += one.transactions;
  total.requests += one.requests;
  total.acknowledged += one.acknowledged;
  total.valid += one.valid;
  total.invalid += one.invalid;
  total.deaths += one.deaths;
  total.disk_faults += one.disk_faults;
  total.bystander_served += one.bystander_served;
  total.bystander_crowded_out += one.bystander_crowded_out;
  total.bystander_refused += one.bystander_refused;
  total.bystander_steps_max = std::max(total.bystander_steps_max, one.bystander_steps_max);
  total.live_bytes_max = std::max(total.live_bytes_max, one.live_bytes_max);
  total.live_bytes_left = std::max(total.live_bytes_left, one.live_bytes_left);
}

}  // namespace

Outcome run_seed(std::uint64_t seed, bool shows_trace) {
  const security::SigningIdentity& own = identity();
  seed_openssl(seed);
  try {
    World world(seed, own, shows_trace);
    return world.run();
  } catch (const std::exception& error) {
    Outcome outcome;
    outcome.finding = std::string("an exception: ") + error.what();
    return outcome;
  }
}

CampaignResult run_seeds(std::uint64_t first, std::uint64_t count, bool shows_trace) {
  CampaignResult result;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Outcome outcome = run_seed(seed, shows_trace);
    ++result.seeds;
    add(result.total, outcome);
    if (outcome.finding.empty()) continue;
    result.failed_seed = seed;
    result.total.finding = std::move(outcome.finding);
    result.total.trace = std::move(outcome.trace);
    break;
  }
  return result;
}

std::string describe(const CampaignResult& result) {
  const Outcome& total = result.total;
  std::string text =
      std::to_string(result.seeds) + " seeds, " + std::to_string(total.steps) + " steps, " +
      std::to_string(total.actors) + " actors, " + std::to_string(total.requests) + " requests, " +
      std::to_string(total.transactions) + " transactions sent, " + std::to_string(total.valid) +
      " valid and " + std::to_string(total.invalid) + " invalid in blocks, " +
      std::to_string(total.acknowledged) + " acknowledged, " + std::to_string(total.deaths) +
      " deaths, " + std::to_string(total.disk_faults) +
      " faults of the disk; the bystander was served " + std::to_string(total.bystander_served) +
      " times, crowded out " + std::to_string(total.bystander_crowded_out) + " times, refused " +
      std::to_string(total.bystander_refused) + " times, in at most " +
      std::to_string(total.bystander_steps_max) + " steps; the service held at most " +
      std::to_string(total.live_bytes_max) + " bytes, and " +
      std::to_string(total.live_bytes_left) + " at most when everybody had left\n";
  if (!result.failed_seed) return text;
  return text + total.trace + "FOUND: " + total.finding + "\nreplay: engine_simulation --seed " +
         std::to_string(*result.failed_seed) + " --trace\n";
}

}  // namespace ccbus::simulation
