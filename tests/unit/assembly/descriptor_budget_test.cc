#include "service/assembly/descriptor_budget.h"

#include <catch2/catch.hpp>

using namespace ccbus;
using Catch::Matchers::Contains;

namespace {

// The most that the parts together may use, with what each of them needs beside its share.
std::size_t in_all(const DescriptorBudget& budget) {
  constexpr std::size_t kReserve = 64;
  const std::size_t arriving = budget.of_both.connections_max - budget.of_both.peers_max;
  const std::size_t http = budget.http_connections_max == 0 ? 0 : budget.http_connections_max + 3;
  return kReserve + budget.of_both.connections_max + arriving + http + budget.databases;
}

DescriptorBudget share(std::size_t allowed, const DescriptorNeeds& needs) {
  auto budget = share_descriptors(allowed, needs);
  INFO(allowed);
  REQUIRE(budget);
  return *budget;
}

}  // namespace

TEST_CASE("no more descriptors are shared out than the system allows", "[assembly]") {
  const Limits limits;
  const std::size_t allowed = GENERATE(300u, 1024u, 4096u, 20'000u, 65'536u, 131'072u, 1'048'576u);
  const std::size_t channels = GENERATE(0u, 1u, 3u);
  const bool serves_http = GENERATE(true, false);
  if (allowed <= 300 && channels == 3) return;  // Too few; see below.
  const DescriptorBudget budget = share(allowed, {limits, serves_http, channels});
  CAPTURE(allowed, channels, serves_http);
  CHECK(in_all(budget) <= allowed);
  CHECK(budget.of_each.peers_max < budget.of_each.connections_max);
  CHECK(budget.of_both.peers_max < budget.of_both.connections_max);
  // However many connect to one endpoint, the other one can still be used.
  CHECK(budget.of_each.peers_max < budget.of_both.peers_max);
  CHECK(budget.of_each.connections_max < budget.of_both.connections_max);
}

TEST_CASE("with enough descriptors every limit is what the configuration says", "[assembly]") {
  const Limits limits;
  const DescriptorBudget budget = share(1'048'576, {limits, true, 2});
  CHECK(budget.of_each.peers_max == limits.peers_max);
  CHECK(budget.of_both.peers_max >= 2 * limits.peers_max);
  CHECK(budget.http_connections_max == 256);
  const DatabaseDescriptors databases(budget.databases, 2, limits.channels_max);
  CHECK(databases.tables_at_start() == 512);
  CHECK(databases.channels_max() == limits.channels_max);
}

TEST_CASE("one endpoint may have most of the connections that there can be", "[assembly]") {
  const DescriptorBudget budget = share(20'000, {Limits{}, true, 1});
  CHECK(budget.of_each.peers_max > 10'000);
}

TEST_CASE("databases have room for the files that they need at least", "[assembly]") {
  constexpr std::size_t kLeast = 32 + 16;
  const std::size_t all = GENERATE(192u, 250u, 500u, 5'328u, 60'000u);
  const std::size_t at_start = GENERATE(1u, 2u);
  if (all < (at_start + 2) * kLeast) return;
  const DatabaseDescriptors databases(all, at_start, 100);
  CAPTURE(all, at_start, databases.tables_at_start(), databases.channels_max());
  CHECK(databases.tables_at_start() >= 32);
  CHECK(databases.tables_at_start() <= 512);
  CHECK(databases.channels_max() >= at_start);
  const std::size_t later = databases.channels_max() - at_start + 2;  // And two for a while.
  CHECK(at_start * (databases.tables_at_start() + 16) + later * kLeast <= all);
}

TEST_CASE("too few descriptors are an error that says how many are needed", "[assembly]") {
  const auto budget = share_descriptors(100, {Limits{}, true, 1});
  REQUIRE(!budget);
  CHECK(budget.error().code == ErrorCode::kExhausted);
  CHECK_THAT(budget.error().message, Contains("100 descriptors") && Contains("at least 271"));
}
