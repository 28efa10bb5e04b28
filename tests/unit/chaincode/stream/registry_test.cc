#include "service/chaincode/stream/registry.h"

#include <catch2/catch.hpp>

namespace ccbus::chaincode {
namespace {

constexpr HandlerId kOne{1};
constexpr HandlerId kTwo{2};
constexpr HandlerId kNobody{0};

TEST_CASE("a handler that registers is added, and is picked once it is ready",
          "[chaincode][row-34][row-35]") {
  Registry registry(Duplicates::kReject);
  CHECK(registry.pick("basic") == kNobody);
  REQUIRE(registry.add("basic", kOne));
  CHECK(registry.pick("basic") == kNobody);
  registry.set_ready(kOne);
  CHECK(registry.pick("basic") == kOne);
  CHECK(registry.pick("other") == kNobody);
  CHECK(registry.pools().at("basic").size() == 1);
}

TEST_CASE("if duplicates are rejected, a second handler is refused until the first has left",
          "[chaincode][row-17][row-36]") {
  Registry registry(Duplicates::kReject);
  REQUIRE(registry.add("basic", kOne));
  const auto refused = registry.add("basic", kTwo);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kExists);
  CHECK(refused.error().message == "duplicate chaincodeID: basic");
  registry.remove(kTwo);
  CHECK(registry.pools().at("basic").size() == 1);
  registry.remove(kOne);
  CHECK(registry.pools().empty());
  CHECK(registry.add("basic", kTwo));
}

TEST_CASE("removing a handler that is not registered does nothing", "[chaincode][row-38]") {
  Registry registry(Duplicates::kPool);
  registry.remove(kTwo);
  REQUIRE(registry.add("basic", kOne));
  registry.set_ready(kOne);
  registry.remove(kTwo);
  registry.transaction_ended(kTwo);
  CHECK(registry.pick("basic") == kOne);
}

}  // namespace
}  // namespace ccbus::chaincode
