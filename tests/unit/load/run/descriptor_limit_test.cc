#include "service/load/run/descriptor_limit.h"

#include <catch2/catch.hpp>

using namespace ccbus::load;

TEST_CASE("what does not fit into the descriptor limit is refused with need, limit and remedy",
          "[load]") {
  CHECK(check_descriptors("10500 dealers in one process", 10'500, 10'564, ""));
  const auto refused = check_descriptors("10500 dealers in one process", 10'500, 10'563,
                                         "spread them with --chaincode-processes");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ccbus::ErrorCode::kExhausted);
  CHECK(refused.error().message ==
        "10500 dealers in one process need 10564 descriptors, the limit is 10563; raise it "
        "(ulimit -n, LimitNOFILE=) or spread them with --chaincode-processes");
}
