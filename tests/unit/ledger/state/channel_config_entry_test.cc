#include "service/ledger/state/channel_config_entry.h"

#include <catch2/catch.hpp>

#include "service/ledger/policy/channel_config.h"
#include "tests/support/channel_of.h"
#include "tests/support/map_state_view.h"

using namespace ccbus;
using namespace ccbus::ledger;
using test::MapStateView;

TEST_CASE("a channel's configuration is found under its key, or there is none", "[ledger]") {
  const std::string bytes = encode_channel_config(test::channel_of({"Org1MSP"}));
  const auto found =
      find_channel_config(MapStateView({{{"_channel", "config"}, {bytes, "", {1, 0}}}}));
  REQUIRE((found && *found));
  CHECK((*found)->organizations(0).msp_id() == "Org1MSP");
  const auto missing =
      find_channel_config(MapStateView({{{"_lifecycle", "config"}, {bytes, "", {1, 0}}}}));
  REQUIRE(missing);
  CHECK_FALSE(missing->has_value());
  const auto broken =
      find_channel_config(MapStateView({{{"_channel", "config"}, {"x", "", {1, 0}}}}));
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == ErrorCode::kCorrupt);
}
