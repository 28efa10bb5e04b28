// Memory fails while the service's own code runs, on the bus thread and in the place of workers and
// signers: one allocation at a time, each of a scenario once, and many at once by a seed. Each time
// every request is answered once, nothing stays open, and a later transaction is committed.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "tests/memory/failing_memory.h"
#include "tests/memory/world.h"

namespace ccbus::test {
namespace {

// A wait for a status whose block cannot be looked up ends with those that wait on its channel.
constexpr std::uint64_t kRequestsOfOneFailure = 3;

// Answers that only a failure of the service gives.
std::uint64_t failures_told(const World& world) {
  const auto at = world.answers().find(ccbus::INTERNAL);
  return at == world.answers().end() ? 0 : at->second;
}

TEST_CASE("without a failure every request is answered as it should be", "[memory]") {
  World world;
  plan_memory({});
  world.run();
  const std::uint64_t armed = allocations_armed();
  REQUIRE(world.fault() == "");
  CHECK(failures_told(world) == 0);
  CHECK(world.answers().at(ccbus::OK) == 16);
  CHECK(world.connections_ended() == 0);
  CHECK(armed > 3'000);
}

TEST_CASE("each allocation of a scenario fails once: one request hears of it, and the rest goes on",
          "[memory]") {
  World world;
  std::uint64_t failures = 0;
  std::uint64_t told = 0;
  for (std::uint64_t at = 1;; ++at) {
    plan_memory({.fail_at = at});
    world.run();
    const bool has_failed = allocations_failed() > 0;
    INFO("allocation " << at << " has failed: " << has_failed);
    REQUIRE(world.fault() == "");
    if (!has_failed) break;
    ++failures;
    told += failures_told(world);
    REQUIRE(failures_told(world) <= kRequestsOfOneFailure);
  }
  CHECK(failures > 3'000);
  CHECK(told > failures / 4);  // Others are told by an ERROR, or by the end of a stream.
  CHECK(world.connections_ended() == 0);
}

TEST_CASE("many allocations fail by a seed, and each request still ends once", "[memory]") {
  World world;
  std::uint64_t failures = 0;
  std::uint64_t told = 0;
  for (std::uint64_t seed = 1; seed <= CCBUS_MEMORY_SEEDS; ++seed) {
    const auto per_1024 = static_cast<std::uint32_t>(1 + seed % 64);
    plan_memory({.fail_per_1024 = per_1024, .seed = seed});
    world.run();
    failures += allocations_failed();
    INFO("seed " << seed << ", " << per_1024 << " of 1024");
    REQUIRE(world.fault() == "");
    told += failures_told(world);
  }
  CHECK(failures > CCBUS_MEMORY_SEEDS);
  CHECK(told > CCBUS_MEMORY_SEEDS);
}

}  // namespace
}  // namespace ccbus::test
