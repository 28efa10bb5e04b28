#include "service/metrics/metrics.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>

namespace ccbus {
namespace {

TEST_CASE("each counter is listed once, under its own name", "[metrics]") {
  Counters counters;
  counters.add(Counter::kStreamsStarted);
  counters.add(Counter::kBlocks, 7);
  counters.add(Counter::kLateMessages, 2);
  std::map<std::string, std::uint64_t> all;
  counters.each([&all](std::string_view name, std::uint64_t value) { all.emplace(name, value); });
  CHECK(all.size() == static_cast<std::size_t>(Counter::kCount));
  CHECK(all["chaincode_streams_started"] == 1);
  CHECK(all["ledger_blocks"] == 7);
  CHECK(all["chaincode_late_messages"] == 2);
}

}  // namespace
}  // namespace ccbus
