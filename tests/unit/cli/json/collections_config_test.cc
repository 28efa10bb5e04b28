#include "service/cli/json/collections_config.h"

#include <catch2/catch.hpp>

#include "ccbus/definition.pb.h"
#include "service/ledger/policy/application_policy.h"

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
  CHECK(first.policy() == "OR('Org2MSP.member', 'Org1MSP.member')");
  CHECK(first.member_orgs().empty());  // The service sets them.
  CHECK_FALSE(first.has_endorsement_policy());
  CHECK(first.required_peer_count() == 1);
  CHECK(first.maximum_peer_count() == 3);
  CHECK(first.block_to_live() == 1000000);
  CHECK((first.member_only_read() && first.member_only_write()));
  CHECK_FALSE(parsed->at(1).member_only_write());
  CHECK(ledger::format_application_policy(parsed->at(1).endorsement_policy()) ==
        "OR('Org1MSP.member')");
}

TEST_CASE("a collections config is read as Go reads it into Fabric's struct",
          "[cli][row-160][row-171]") {
  const auto parsed = parse_collections_config(R"json([
    {"NAME": "a", "Policy": "OR(\"DevMSP.member\")", "requiredpeercount": 1, "BLOCKTOLIVE": 5,
     "comment": {"by": "me"}, "memberOnlyRead": null},
    {"name": "x", "policy": "OR('A.member')", "name": "b", "maxPeerCount": null,
     "endorsementPolicy": {"channelConfigPolicy": "/Channel/Application/Admins", "x": 1}},
    {"name": "y", "Name": "c", "policy": "OR('A.member')", "endorsementPolicy": null}
  ])json");
  REQUIRE(parsed);
  REQUIRE(parsed->size() == 3);
  CHECK(parsed->at(0).name() == "a");
  CHECK(parsed->at(0).policy() == "OR(\"DevMSP.member\")");
  CHECK(parsed->at(0).required_peer_count() == 1);
  CHECK(parsed->at(0).maximum_peer_count() == 1);
  CHECK(parsed->at(0).block_to_live() == 5);
  CHECK_FALSE(parsed->at(0).member_only_read());
  CHECK(parsed->at(1).name() == "b");
  CHECK(parsed->at(1).maximum_peer_count() == 1);
  CHECK(parsed->at(1).endorsement_policy().channel_config_policy_reference() ==
        "/Channel/Application/Admins");
  CHECK(parsed->at(2).name() == "c");
  CHECK_FALSE(parsed->at(2).has_endorsement_policy());
  CHECK(parse_collections_config("null")->empty());
  CHECK(parse_collections_config("[]")->empty());
}

TEST_CASE("a collections config that is wrong is refused with collection and field",
          "[cli][row-171][row-172]") {
  const auto refusal = [](const std::string& text) {
    const auto parsed = parse_collections_config(text);
    return parsed ? "accepted" : parsed.error().message;
  };
  const auto with = [&refusal](const std::string& member) {
    return refusal(R"json([{"name": "c", "policy": "OR('A.member')", )json" + member + "}]");
  };
  CHECK_THAT(refusal("{}"), Contains("is not a JSON array"));
  CHECK_THAT(refusal("[] x"), Contains("invalid character 'x' after top-level value"));
  CHECK_THAT(refusal("[1]"), Contains("entry 0: is not an object"));
  CHECK_THAT(refusal(R"json([{"policy": "OR('A.member')"}])json"),
             Contains("entry 0: name is missing"));
  CHECK_THAT(refusal(R"json([{"name": "c"}])json"), Contains("collection 'c': invalid policy"));
  CHECK_THAT(refusal(R"json([{"name": "c", "policy": "OR(A)"}])json"),
             Contains("collection 'c': invalid policy OR(A): unknown name A (1:4)"));
  CHECK_THAT(refusal(R"json([{"name": "c", "policy": "AND('A.member','B.member')"}])json"),
             Contains("collection 'c': error in member org policy: signature policy is not an OR "
                      "concatenation, NOutOf 2"));
  CHECK_THAT(with(R"("blockToLive": -1)"), Contains("collection 'c': blockToLive is -1"));
  CHECK_THAT(with(R"("maxPeerCount": "1")"), Contains("maxPeerCount is \"1\""));
  CHECK_THAT(with(R"("maxPeerCount": 2147483648)"), Contains("maxPeerCount is 2147483648"));
  CHECK_THAT(with(R"("memberOnlyRead": "yes")"), Contains("memberOnlyRead is not true or false"));
  CHECK_THAT(with(R"("endorsementPolicy": "x")"), Contains("endorsementPolicy is not an object"));
  CHECK_THAT(with(R"json("endorsementPolicy": {"signaturePolicy": "NOT('A.member')"})json"),
             Contains("collection 'c': invalid endorsement policy: invalid signature policy: "
                      "NOT('A.member'): unknown name NOT"));
  CHECK_THAT(with(R"json("endorsementPolicy": {"signaturePolicy": "OR('A.member')",
                                               "channelConfigPolicy": "/Channel/Admins"})json"),
             Contains("invalid endorsement policy: cannot specify both \"--signature-policy\" and "
                      "\"--channel-config-policy\""));
  CHECK(with(R"("endorsementPolicy": {})") == "accepted");
  CHECK(with(R"("blockToLife": 1)") == "accepted");
}

}  // namespace
}  // namespace ccbus::cli
