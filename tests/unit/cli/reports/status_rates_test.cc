#include "service/cli/reports/status_rates.h"

#include <catch2/catch.hpp>

#include "ccbus/client.pb.h"

namespace ccbus::cli {
namespace {

// A service with one channel and one chaincode of two handlers.
StatusResponse service(std::uint64_t uptime_ms) {
  StatusResponse status;
  status.set_uptime_ms(uptime_ms);
  ChannelStatus& channel = *status.add_channels();
  channel.set_channel_id("ch1");
  CommitStage& write = *channel.add_stages();
  write.set_name("write");
  for (const double bound : {0.001, 0.01}) write.add_bounds(bound);
  for (int i = 0; i < 3; ++i) write.add_counts(0);
  ChaincodeStatus& chaincode = *status.add_chaincodes();
  chaincode.set_name("basic");
  for (const std::uint64_t handler : {7, 8}) chaincode.add_members()->set_handler(handler);
  return status;
}

void set_counter(StatusResponse& status, const std::string& name, std::uint64_t value) {
  (*status.mutable_counters())[name] = value;
}

TEST_CASE("counters become rates by the service's own clock", "[cli]") {
  StatusResponse from = service(10'000);
  StatusResponse until = service(12'000);
  set_counter(from, "gateway_requests", 1'000);
  set_counter(until, "gateway_requests", 1'210);
  set_counter(until, "gateway_look_ups", 10);
  set_counter(until, "ledger_transactions_valid", 80);
  set_counter(until, "ledger_transactions_invalid", 4);
  set_counter(until, "ledger_blocks", 6);
  set_counter(until, "ledger_block_bytes", 5'000);
  set_counter(until, "chaincode_shim_requests_completed", 400);
  set_counter(until, "chaincode_shim_requests_failed", 2);
  until.mutable_usage()->set_cpu_us(3'000'000);
  const auto rates = rates_between(from, until);
  REQUIRE(rates.has_value());
  CHECK(rates->seconds == 2);
  CHECK(rates->invocations == 100);
  CHECK(rates->look_ups == 5);
  CHECK(rates->committed == 40);
  CHECK(rates->invalid == 2);
  CHECK(rates->blocks == 3);
  CHECK(rates->block_bytes == 2'500);
  CHECK(rates->shim_requests == 201);
  CHECK(rates->cores == 1.5);
}

TEST_CASE("between two processes there are no rates", "[cli]") {
  CHECK_FALSE(rates_between(service(10'000), service(900)).has_value());
  CHECK_FALSE(rates_between(service(10'000), service(10'000)).has_value());
}

TEST_CASE("a channel has its blocks, and the stages of the blocks between", "[cli]") {
  StatusResponse from = service(0);
  StatusResponse until = service(1'000);
  from.mutable_channels(0)->set_height(10);
  until.mutable_channels(0)->set_height(14);
  // A thousand slow blocks were committed earlier.
  from.mutable_channels(0)->mutable_stages(0)->set_counts(1, 1'000);
  until.mutable_channels(0)->mutable_stages(0)->set_counts(1, 1'000);
  until.mutable_channels(0)->mutable_stages(0)->set_counts(0, 4);
  const auto rates = rates_between(from, until);
  REQUIRE(rates.has_value());
  REQUIRE(rates->channels.size() == 1);
  CHECK(rates->channels[0].channel_id == "ch1");
  CHECK(rates->channels[0].blocks == 4);
  REQUIRE(rates->channels[0].stages.size() == 1);
  CHECK(rates->channels[0].stages[0].name == "write");
  CHECK(*rates->channels[0].stages[0].p99_seconds == Approx(0.00099));
}

TEST_CASE("a channel without a block between has no percentile", "[cli]") {
  const auto rates = rates_between(service(0), service(1'000));
  REQUIRE(rates.has_value());
  CHECK_FALSE(rates->channels[0].stages[0].p99_seconds.has_value());
}

TEST_CASE("a chaincode's transactions are those of all its handlers, new ones with all they did",
          "[cli]") {
  StatusResponse from = service(0);
  StatusResponse until = service(2'000);
  from.mutable_chaincodes(0)->mutable_members(0)->set_transactions(100);
  from.mutable_chaincodes(0)->mutable_members(1)->set_handler(6);  // It has left since then.
  from.mutable_chaincodes(0)->mutable_members(1)->set_transactions(500);
  until.mutable_chaincodes(0)->mutable_members(0)->set_transactions(130);
  until.mutable_chaincodes(0)->mutable_members(1)->set_transactions(10);
  const auto rates = rates_between(from, until);
  REQUIRE(rates.has_value());
  REQUIRE(rates->chaincodes.size() == 1);
  CHECK(rates->chaincodes[0].transactions == 20);
}

TEST_CASE("a percentile lies within its bucket, by proportion", "[cli]") {
  const std::vector<double> bounds = {1, 2, 4};
  CHECK(*quantile(bounds, {0, 100, 0, 0}, 0.5) == Approx(1.5));
  CHECK(*quantile(bounds, {50, 0, 50, 0}, 0.99) == Approx(3.96));
  CHECK(*quantile(bounds, {0, 0, 0, 5}, 0.99) == 4);  // Beyond the last bound.
  CHECK_FALSE(quantile(bounds, {0, 0, 0, 0}, 0.99).has_value());
  CHECK_FALSE(quantile({}, {}, 0.99).has_value());
}

}  // namespace
}  // namespace ccbus::cli
