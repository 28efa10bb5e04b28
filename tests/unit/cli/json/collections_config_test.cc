#include "service/cli/json/collections_config.h"

#include <catch2/catch.hpp>

#include "ccbus/definition.pb.h"

namespace ccbus::cli {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("Fabric's collections_config.json is read", "[cli]") {
  const auto parsed = parse_collections_config(R"json([
    {"name": "assetCollection", "policy": "OR('Org2MSP.member', 'Org1MSP.member')",
     "requiredPeerCount": 1, "maxPeerCount": 3, "blockToLive": 1000000,
     "memberOnlyRead": true, "memberOnlyWrite": true},
    {"name": "Org1MSPPrivateCollection", "policy": "OR('Org1MSP.member')",
     "requiredPeerCount": 0, "maxPeerCount": 1, "blockToLive": 3, "memberOnlyRead": true,
     "memberOnlyWrite": false, "endorsementPolicy": {"signaturePolicy": "OR('Org1MSP.member')"}}
  ])json");
  REQUIRE(parsed);
  REQUIRE(parsed->size() == 2);
  const auto& first = parsed->at(0);
  CHECK(first.name() == "assetCollection");
  REQUIRE(first.member_orgs_size() == 2);
  CHECK(first.member_orgs(0) == "Org1MSP");
  CHECK(first.member_orgs(1) == "Org2MSP");
  CHECK(first.required_peer_count() == 1);
  CHECK(first.maximum_peer_count() == 3);
  CHECK(first.block_to_live() == 1000000);
  CHECK((first.member_only_read() && first.member_only_write()));
  CHECK_FALSE(parsed->at(1).member_only_write());
}

TEST_CASE("a collections config that is wrong is refused with collection and field", "[cli]") {
  const auto refusal = [](const char* text) {
    const auto parsed = parse_collections_config(text);
    REQUIRE_FALSE(parsed);
    return parsed.error().message;
  };
  CHECK_THAT(refusal("{}"), Contains("is not a JSON array"));
  CHECK_THAT(refusal("[1]"), Contains("entry 0: is not an object"));
  CHECK_THAT(refusal(R"json([{"policy": "OR('A.member')"}])json"),
             Contains("entry 0: name is missing"));
  CHECK_THAT(refusal(R"json([{"name": "c", "policy": "OR(A)"}])json"),
             Contains("collection 'c': policy names no organisation"));
  CHECK_THAT(refusal(R"json([{"name": "c", "policy": "OR('A.member')", "blockToLive": -1}])json"),
             Contains("collection 'c': blockToLive is -1"));
  CHECK_THAT(
      refusal(R"json([{"name": "c", "policy": "OR('A.member')", "memberOnlyRead": "yes"}])json"),
      Contains("memberOnlyRead is not true or false"));
  CHECK_THAT(refusal(R"json([{"name": "c", "policy": "OR('A.member')", "blockToLife": 1}])json"),
             Contains("blockToLife is not known"));
}

}  // namespace
}  // namespace ccbus::cli
