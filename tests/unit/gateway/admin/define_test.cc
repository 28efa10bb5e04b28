#include "service/gateway/admin/define.h"

#include <catch2/catch.hpp>

#include "fabric/peer/policy.pb.h"
#include "service/gateway/admin/definition_rules.h"
#include "service/ledger/state/definition.h"
#include "tests/support/channel_of.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

ccbus::ClientRequest define(std::uint64_t id, bool init_required = false) {
  ccbus::ClientRequest request;
  request.set_correlation_id(id);
  request.mutable_define()->set_channel_id(kChannel.value);
  auto& definition = *request.mutable_define()->mutable_definition();
  definition.set_name("basic");
  definition.set_version("1.0");
  definition.set_init_required(init_required);
  return request;
}

std::optional<ccbus::ChaincodeDefinition> defined(GatewayRig& rig) {
  auto found = ledger::find_definition(*rig.ledger.ledger().snapshot(), "basic");
  REQUIRE(found);
  return *found;
}

TEST_CASE("a definition is a transaction, and takes effect with its block", "[gateway]") {
  GatewayRig rig;
  rig.request(define(1));
  CHECK_FALSE(defined(rig).has_value());
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].submit().validation_code() == protos::VALID);
  REQUIRE(defined(rig).has_value());
  CHECK(defined(rig)->sequence() == 1);

  SECTION("the same again changes nothing and makes no block") {
    rig.request(define(2));
    CHECK(rig.orderer.held.empty());
    REQUIRE(rig.answers().size() == 2);
    CHECK(rig.answers()[1].submit().validation_code() == protos::NOT_VALIDATED);
    CHECK(rig.answers()[1].submit().result().message() == "unchanged");
  }
  SECTION("a changed definition gets the next sequence and takes effect") {
    rig.request(define(2, true));
    rig.cut_block();
    CHECK(defined(rig)->sequence() == 2);
    rig.request(rig.submit(3));
    CHECK(rig.answers().back().status().code() == ccbus::ABORTED);
    CHECK_THAT(rig.answers().back().status().details(0).message(),
               Contains("must call as init first"));
  }
  SECTION("a definition that drops a collection is refused, and nothing is ordered") {
    auto with_collection = define(2);
    auto& collection = *with_collection.mutable_define()->mutable_definition()->add_collections();
    collection.set_name("secret");
    collection.set_policy("OR('DevMSP.member', 'AMSP.peer')");
    collection.add_member_orgs("WrongMSP");
    rig.request(with_collection);
    rig.cut_block();
    CHECK(defined(rig)->sequence() == 2);
    REQUIRE(defined(rig)->collections(0).member_orgs_size() == 2);
    CHECK(defined(rig)->collections(0).member_orgs(0) == "AMSP");
    CHECK(defined(rig)->collections(0).member_orgs(1) == "DevMSP");
    CHECK(rig.answers().back().submit().result().message().empty());
    rig.request(define(3));
    CHECK(rig.orderer.held.empty());
    CHECK(rig.answers().back().status().code() == ccbus::FAILED_PRECONDITION);
    CHECK(rig.answers().back().status().message() ==
          "failed to endorse transaction: the proposed collection config does not contain "
          "previously defined collections");
  }
  SECTION("a note says if no collection has the service's MSP id as a member") {
    auto of_others = define(2);
    auto& collection = *of_others.mutable_define()->mutable_definition()->add_collections();
    collection.set_name("secret");
    collection.set_policy("OR('OtherMSP.member')");
    rig.request(of_others);
    rig.cut_block();
    CHECK(rig.answers().back().submit().validation_code() == protos::VALID);
    CHECK(rig.answers().back().submit().result().message() ==
          "no collection has DevMSP as a member, the MSP id of this service (peer.localMspId)");
  }
  SECTION("of two at once the second conflicts") {
    rig.request(define(2, true));
    auto other = define(3, true);
    other.mutable_define()->mutable_definition()->set_version("2.0");
    rig.request(other);
    rig.cut_block();
    CHECK(rig.answers()[1].submit().validation_code() == protos::VALID);
    CHECK(rig.answers()[2].submit().validation_code() == protos::MVCC_READ_CONFLICT);
  }
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a definition may name only what the channel has", "[gateway][row-257]") {
  ccbus::ChaincodeDefinition definition;
  auto& collection = *definition.add_collections();
  collection.set_name("secret");
  collection.add_member_orgs("Org1MSP");
  const auto refusal = [&](const std::vector<std::string>& organizations) {
    const auto checked = gateway::check_channel_has(channel_of(organizations), definition);
    return checked ? "allowed" : checked.error().message;
  };
  CHECK(refusal({"Org1MSP", "Org2MSP"}) == "allowed");
  CHECK(refusal({"Org2MSP"}) ==
        "collection-name: secret -- collection member 'Org1MSP' is not part of the channel");
  auto& of_collection = *collection.mutable_endorsement_policy();
  of_collection.set_channel_config_policy_reference("/Channel/Application/Org1MSP/Endorsement");
  CHECK(refusal({"Org1MSP"}) == "allowed");
  of_collection.set_channel_config_policy_reference("/Channel/Application/Org2MSP/Endorsement");
  CHECK(refusal({"Org1MSP"}) ==
        "the channel has no policy /Channel/Application/Org2MSP/Endorsement");
  collection.clear_endorsement_policy();
  protos::ApplicationPolicy policy;
  policy.set_channel_config_policy_reference("/Channel/Application/Nothing");
  definition.set_validation_parameter(policy.SerializeAsString());
  CHECK(refusal({"Org1MSP"}) == "the channel has no policy /Channel/Application/Nothing");
  policy.set_channel_config_policy_reference("/Channel/Application/Endorsement");
  definition.set_validation_parameter(policy.SerializeAsString());
  CHECK(refusal({"Org1MSP"}) == "allowed");
}

TEST_CASE("a definition that breaks a rule is refused with the rule", "[gateway][row-257]") {
  GatewayRig rig;
  auto request = define(1);
  auto& definition = *request.mutable_define()->mutable_definition();
  const auto refusal = [&] {
    rig.request(request);
    REQUIRE_FALSE(rig.answers().empty());
    CHECK(rig.orderer.held.empty());
    return rig.answers().back().status().message();
  };
  SECTION("name") {
    definition.set_name("_lifecycle");
    CHECK_THAT(refusal(), Contains("chaincode name '_lifecycle' does not begin with"));
  }
  SECTION("version") {
    definition.set_version("");
    CHECK_THAT(refusal(), Contains("chaincode version ''"));
  }
  SECTION("collection") {
    definition.add_collections()->set_name("_secret");
    CHECK_THAT(refusal(), Contains("collection name '_secret'"));
  }
  SECTION("no member policy") {
    definition.add_collections()->set_name("secret");
    CHECK_THAT(refusal(), Contains("collection member policy is not set for collection 'secret'"));
  }
  SECTION("member policy that is no OR") {
    auto& collection = *definition.add_collections();
    collection.set_name("secret");
    collection.set_policy("OR('A.member', AND('B.member', 'C.member'))");
    CHECK_THAT(refusal(), Contains("collection-name: secret -- error in member org policy: "
                                   "signature policy is not an OR concatenation, NOutOf 2"));
  }
  SECTION("member policy that is no policy") {
    auto& collection = *definition.add_collections();
    collection.set_name("secret");
    collection.set_policy("OR(A.member)");
    CHECK_THAT(refusal(),
               Contains("collection-name: secret -- invalid policy OR(A.member): unknown "
                        "name A (1:4)"));
  }
  SECTION("endorsement policy of a collection") {
    auto& collection = *definition.add_collections();
    collection.set_name("secret");
    collection.set_policy("OR('A.member')");
    collection.mutable_endorsement_policy();
    CHECK_THAT(refusal(), Contains("collection 'secret' has an endorsement policy that cannot be "
                                   "used: neither a signature policy nor a reference"));
  }
  SECTION("endorsement policy of the chaincode") {
    definition.set_validation_parameter("\xff");
    CHECK_THAT(refusal(), Contains("is not an encoded ApplicationPolicy"));
    protos::ApplicationPolicy policy;
    policy.mutable_signature_policy();
    definition.set_validation_parameter(policy.SerializeAsString());
    CHECK_THAT(refusal(), Contains("chaincode 'basic' has an endorsement policy that cannot be "
                                   "used: Empty policy element"));
    policy.set_channel_config_policy_reference("Endorsement");
    definition.set_validation_parameter(policy.SerializeAsString());
    CHECK_THAT(refusal(), Contains("'Endorsement' is not a path like"));
  }
  SECTION("twice") {
    for (int i = 0; i < 2; ++i) {
      definition.add_collections()->set_name("secret");
      definition.mutable_collections(i)->set_policy("OR('Org1MSP.member')");
    }
    CHECK_THAT(refusal(), Contains("collection 'secret' is defined twice"));
  }
  SECTION("index") {
    definition.add_indexes()->set_name("byOwner");
    CHECK_THAT(refusal(), Contains("index '/byOwner' has 0 fields, should be 1 to 16"));
  }
  SECTION("index of more fields than the ledger keeps") {
    auto& index = *definition.add_indexes();
    index.set_name("wide");
    for (int i = 0; i < 17; ++i) index.add_fields("f" + std::to_string(i));
    CHECK_THAT(refusal(), Contains("index '/wide' has 17 fields, should be 1 to 16"));
  }
  SECTION("index of a field that cannot be read") {
    auto& index = *definition.add_indexes();
    index.set_name("odd");
    index.add_fields("a..b");
    CHECK_THAT(refusal(), Contains("index '/odd': ") && Contains("Invalid field name: a..b"));
  }
  SECTION("channel") {
    request.mutable_define()->set_channel_id("nowhere");
    CHECK(refusal() == "failed to endorse transaction: channel 'nowhere' not found");
  }
}

}  // namespace
}  // namespace ccbus::test
