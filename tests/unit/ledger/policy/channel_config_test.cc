#include "service/ledger/policy/channel_config.h"

#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "fabric/common/policies.pb.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "tests/support/channel_of.h"
#include "tests/support/word_identities.h"

namespace ccbus::ledger {
namespace {

using ccbus::ChannelConfig;
using common::ImplicitMetaPolicy;
using common::Policy;
using test::channel_of;
using test::msp_of;

std::string text_of(const Policy* policy) {
  if (policy == nullptr) return "none";
  if (policy->type() == Policy::IMPLICIT_META) {
    ImplicitMetaPolicy meta;
    REQUIRE(meta.ParseFromString(policy->value()));
    return ImplicitMetaPolicy::Rule_Name(meta.rule()) + " " + meta.sub_policy();
  }
  common::SignaturePolicyEnvelope envelope;
  REQUIRE(envelope.ParseFromString(policy->value()));
  return format_signature_policy(envelope).value_or("bad");
}

TEST_CASE("a channel has the policies of fabric-samples by default", "[ledger][row-255]") {
  const ChannelConfig config = channel_of({"Org2MSP", "Org1MSP"});
  CHECK(check_channel_config(config));
  CHECK(config.sequence() == 1);
  REQUIRE(config.organizations_size() == 2);
  CHECK(config.organizations(0).msp_id() == "Org1MSP");
  const auto at = [&](const std::string& path) { return text_of(policy_of(config, path)); };
  CHECK(at("/Channel/Application/Readers") == "ANY Readers");
  CHECK(at("/Channel/Application/Writers") == "ANY Writers");
  CHECK(at("/Channel/Application/Admins") == "MAJORITY Admins");
  CHECK(at("/Channel/Application/Endorsement") == "MAJORITY Endorsement");
  CHECK(at("/Channel/Application/LifecycleEndorsement") == "MAJORITY Endorsement");
  CHECK(at("/Channel/Application/Org1MSP/Readers") ==
        "OR('Org1MSP.admin', 'Org1MSP.peer', 'Org1MSP.client')");
  CHECK(at("/Channel/Application/Org1MSP/Writers") == "OR('Org1MSP.admin', 'Org1MSP.client')");
  CHECK(at("/Channel/Application/Org2MSP/Admins") == "OR('Org2MSP.admin')");
  CHECK(at("/Channel/Application/Org2MSP/Endorsement") == "OR('Org2MSP.peer')");
}

TEST_CASE("a path names one policy or none", "[ledger][row-255]") {
  const ChannelConfig config = channel_of({"Org1MSP"});
  CHECK(text_of(policy_of(config, "/Channel/Readers")) == "ANY Readers");
  CHECK(text_of(policy_of(config, "/Channel/Admins")) == "MAJORITY Admins");
  for (const char* const path :
       {"", "/", "Endorsement", "/Channel", "/Channel/Endorsement", "/Channel/Application",
        "/Channel/Application/", "/Channel/Application/endorsement",
        "/Channel/Application/Org2MSP/Endorsement", "/Channel/Application/Org1MSP",
        "/Channel/Application/Org1MSP/", "/Channel/Application/Org1MSP/Endorsement/",
        "/Channel/Orderer/BlockValidation", "Channel/Application/Endorsement"}) {
    CHECK(policy_of(config, path) == nullptr);
  }
  CHECK(find_organization(config, "Org1MSP") != nullptr);
  CHECK(find_organization(config, "Org2MSP") == nullptr);
  CHECK(policy_path("Org1MSP", "Endorsement") == "/Channel/Application/Org1MSP/Endorsement");
}

TEST_CASE("a configuration is the same after encoding and decoding", "[ledger]") {
  const ChannelConfig config = channel_of({"Org1MSP", "Org2MSP"});
  const std::string bytes = encode_channel_config(config);
  const auto decoded = decode_channel_config(bytes);
  REQUIRE(decoded);
  CHECK(encode_channel_config(*decoded) == bytes);
  CHECK(decode_channel_config("\xff").error().code == ErrorCode::kCorrupt);
  CHECK(decode_channel_config("").error().code == ErrorCode::kCorrupt);
}

struct Wrong {
  const char* error;
  std::function<void(ChannelConfig&)> make;
};

void set(Policy& policy, int type, std::string value) {
  policy.set_type(type);
  policy.set_value(std::move(value));
}

std::string encoded(ImplicitMetaPolicy::Rule rule, const std::string& sub_policy) {
  ImplicitMetaPolicy meta;
  meta.set_rule(rule);
  meta.set_sub_policy(sub_policy);
  return meta.SerializeAsString();
}

TEST_CASE("a configuration that is not complete is refused by name", "[ledger]") {
  const Wrong wrongs[] = {
      {"a channel has 1 to 1000 organisations, not 0",
       [](ChannelConfig& config) { config.clear_organizations(); }},
      {"the organisations are not in byte order, or one is there twice",
       [](ChannelConfig& config) { config.mutable_organizations()->SwapElements(0, 1); }},
      {"the organisations are not in byte order, or one is there twice",
       [](ChannelConfig& config) { *config.add_organizations() = config.organizations(1); }},
      {"an organisation is named ''",
       [](ChannelConfig& config) { config.mutable_organizations(0)->clear_msp_id(); }},
      {"an organisation is named 'A/B'",
       [](ChannelConfig& config) { config.mutable_organizations(0)->set_msp_id("A/B"); }},
      {"the MSP of Org1MSP has the id 'Org3MSP'",
       [](ChannelConfig& config) {
         *config.mutable_organizations(0)->mutable_msp() = msp_of("Org3MSP");
       }},
      {"the MSP of Org1MSP is no FabricMSPConfig",
       [](ChannelConfig& config) {
         config.mutable_organizations(0)->mutable_msp()->set_config("\xff");
       }},
      {"the MSP of Org1MSP is no FabricMSPConfig",
       [](ChannelConfig& config) { config.mutable_organizations(0)->mutable_msp()->set_type(1); }},
      {"the MSP of Org1MSP has a signing identity: a ledger may not hold its key",
       [](ChannelConfig& config) {
         msp::FabricMSPConfig msp;
         msp.set_name("Org1MSP");
         msp.mutable_signing_identity();
         config.mutable_organizations(0)->mutable_msp()->set_config(msp.SerializeAsString());
       }},
      {"the channel has no policy /Channel/Application/LifecycleEndorsement",
       [](ChannelConfig& config) { config.mutable_policies()->DeleteSubrange(2, 1); }},
      {"the policies at /Channel/Application are not in byte order, or one is there twice",
       [](ChannelConfig& config) { *config.add_policies() = config.policies(0); }},
      {"the policies at /Channel/Application/Org1MSP are not in byte order, or one is there twice",
       [](ChannelConfig& config) {
         config.mutable_organizations(0)->mutable_policies()->SwapElements(0, 1);
       }},
      {"a policy at /Channel/Application is named 'X/Y'",
       [](ChannelConfig& config) { config.add_policies()->set_name("X/Y"); }},
      {"policy Admins at path /Channel/Application did not compile: unknown policy type: 0",
       [](ChannelConfig& config) { config.mutable_policies(0)->clear_policy(); }},
      {"policy Admins at path /Channel/Application did not compile: unknown policy type: 2",
       [](ChannelConfig& config) { config.mutable_policies(0)->mutable_policy()->set_type(2); }},
      {"policy Admins at path /Channel/Application did not compile: Error unmarshalling to "
       "ImplicitMetaPolicy",
       [](ChannelConfig& config) {
         set(*config.mutable_policies(0)->mutable_policy(), Policy::IMPLICIT_META, "GARBAGE");
       }},
      {"policy Admins at path /Channel/Application did not compile: its rule is not ANY, ALL or "
       "MAJORITY of a policy",
       [](ChannelConfig& config) {
         set(*config.mutable_policies(0)->mutable_policy(), Policy::IMPLICIT_META,
             encoded(ImplicitMetaPolicy::ANY, ""));
       }},
      {"policy Admins at path /Channel/Application did not compile: Empty policy element",
       [](ChannelConfig& config) {
         set(*config.mutable_policies(0)->mutable_policy(), Policy::SIGNATURE, "");
       }},
      {"policy Admins at path /Channel/Application/Org1MSP did not compile: an organisation has no "
       "policies below it",
       [](ChannelConfig& config) {
         set(*config.mutable_organizations(0)->mutable_policies(0)->mutable_policy(),
             Policy::IMPLICIT_META, encoded(ImplicitMetaPolicy::ALL, "Admins"));
       }},
  };
  for (const Wrong& wrong : wrongs) {
    ChannelConfig config = channel_of({"Org1MSP", "Org2MSP"});
    wrong.make(config);
    const auto checked = check_channel_config(config);
    INFO(wrong.error);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().message == wrong.error);
    CHECK_FALSE(decode_channel_config(encode_channel_config(config)));
  }
}

TEST_CASE("a default configuration needs organisations with names", "[ledger]") {
  CHECK_FALSE(default_channel_config({}));
  CHECK_FALSE(default_channel_config({msp_of("")}));
  CHECK_FALSE(default_channel_config({msp_of("Org1MSP"), msp_of("Org1MSP")}));
  msp::MSPConfig of_another_type = msp_of("Org1MSP");
  of_another_type.set_type(1);
  CHECK_FALSE(default_channel_config({of_another_type}));
  // An MSP id that the policy language cannot spell.
  CHECK(text_of(policy_of(channel_of({"Org_1 MSP"}), "/Channel/Application/Org_1 MSP/Admins")) ==
        "OR('Org_1 MSP.admin')");
}

TEST_CASE("a configuration follows the one before it by its sequence", "[ledger]") {
  ChannelConfig first = channel_of({"Org1MSP"});
  CHECK(check_sequence(nullptr, first));
  ChannelConfig second = first;
  CHECK_FALSE(check_sequence(&first, second));
  second.set_sequence(2);
  CHECK(check_sequence(&first, second));
  CHECK_FALSE(check_sequence(nullptr, second));
  second.set_sequence(3);
  CHECK(check_sequence(&first, second).error().message ==
        "the configuration has the sequence 3: the channel is at 1");
}

}  // namespace
}  // namespace ccbus::ledger
