#include "service/ledger/policy/channel_policies.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "fabric/peer/policy.pb.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "tests/support/channel_of.h"
#include "tests/support/word_identities.h"

namespace ccbus::ledger {
namespace {

using common::ImplicitMetaPolicy;
using common::Policy;
using test::channel_of;
using test::WordIdentities;
using Signers = std::vector<std::string>;

constexpr std::string_view kTest = "/Channel/Application/Test";

// A channel of `count` organisations whose policy Test is `rule` of Endorsement.
ChannelPolicies policies_of(ImplicitMetaPolicy::Rule rule, int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back("Org" + std::to_string(i) + "MSP");
  ccbus::ChannelConfig config = channel_of(ids);
  ImplicitMetaPolicy meta;
  meta.set_rule(rule);
  meta.set_sub_policy("Endorsement");
  auto& named = *config.mutable_policies()->Add();
  named.set_name("Test");
  named.mutable_policy()->set_type(Policy::IMPLICIT_META);
  named.mutable_policy()->set_value(meta.SerializeAsString());
  config.mutable_policies()->SwapElements(4, 5);  // Test, Writers.
  auto policies = ChannelPolicies::of(config);
  REQUIRE(policies);
  return *policies;
}

Signers peers(int count) {
  Signers signers;
  for (int i = 0; i < count; ++i) signers.push_back("Org" + std::to_string(i) + "MSP.peer");
  return signers;
}

PolicyDecision decision_of(ImplicitMetaPolicy::Rule rule, int organizations, int endorsing) {
  return policies_of(rule, organizations).evaluate_at(kTest, peers(endorsing), WordIdentities());
}

// As in Fabric's implicitmeta_test.go.
TEST_CASE("an implicit policy counts the organisations that are satisfied", "[ledger][row-253]") {
  struct Row {
    ImplicitMetaPolicy::Rule rule;
    int organizations;
    int endorsing;
    bool is_satisfied;
  };
  constexpr Row kRows[] = {
      {ImplicitMetaPolicy::ANY, 1, 1, true},       {ImplicitMetaPolicy::ANY, 10, 1, true},
      {ImplicitMetaPolicy::ANY, 10, 8, true},      {ImplicitMetaPolicy::ANY, 10, 0, false},
      {ImplicitMetaPolicy::ALL, 1, 1, true},       {ImplicitMetaPolicy::ALL, 10, 10, true},
      {ImplicitMetaPolicy::ALL, 10, 9, false},     {ImplicitMetaPolicy::ALL, 10, 0, false},
      {ImplicitMetaPolicy::MAJORITY, 1, 1, true},  {ImplicitMetaPolicy::MAJORITY, 10, 6, true},
      {ImplicitMetaPolicy::MAJORITY, 3, 2, true},  {ImplicitMetaPolicy::MAJORITY, 10, 5, false},
      {ImplicitMetaPolicy::MAJORITY, 2, 1, false}, {ImplicitMetaPolicy::MAJORITY, 2, 2, true},
  };
  for (const Row& row : kRows) {
    INFO(ImplicitMetaPolicy::Rule_Name(row.rule)
         << " " << row.endorsing << " of " << row.organizations);
    CHECK(decision_of(row.rule, row.organizations, row.endorsing).is_satisfied == row.is_satisfied);
  }
}

TEST_CASE("an implicit policy that fails says which organisations are missing",
          "[ledger][row-253]") {
  CHECK(decision_of(ImplicitMetaPolicy::MAJORITY, 2, 1).reason ==
        "implicit policy evaluation failed - 1 sub-policies were satisfied, but this policy "
        "requires 2 of the 'Endorsement' sub-policies to be satisfied (Org1MSP: signature set did "
        "not satisfy policy: missing 'Org1MSP.peer')");
  CHECK(decision_of(ImplicitMetaPolicy::ALL, 1'000, 1).reason.size() == 2'000);
}

TEST_CASE("an organisation without the policy is not satisfied", "[ledger][row-253]") {
  ccbus::ChannelConfig config = channel_of({"Org0MSP", "Org1MSP"});
  config.mutable_organizations(1)->mutable_policies()->DeleteSubrange(1, 1);  // Endorsement.
  const auto policies = ChannelPolicies::of(config);
  REQUIRE(policies);
  const auto decision = policies->evaluate_at(kEndorsementPolicyPath, peers(2), WordIdentities());
  CHECK_FALSE(decision.is_satisfied);
  CHECK(decision.reason.ends_with("(Org1MSP: it has no policy Endorsement)"));
}

TEST_CASE("the signer has to have the role that the policy names", "[ledger]") {
  const auto policies = ChannelPolicies::of(channel_of({"Org1MSP"}));
  REQUIRE(policies);
  const auto allows = [&](std::string_view path, const std::string& signer) {
    return policies->evaluate_at(path, {signer}, WordIdentities()).is_satisfied;
  };
  CHECK(allows("/Channel/Application/Endorsement", "Org1MSP.peer"));
  CHECK_FALSE(allows("/Channel/Application/Endorsement", "Org1MSP.client"));
  CHECK_FALSE(allows("/Channel/Application/Endorsement", "Org2MSP.peer"));
  CHECK(allows("/Channel/Application/Writers", "Org1MSP.client"));
  CHECK_FALSE(allows("/Channel/Application/Writers", "Org1MSP.peer"));
  CHECK(allows("/Channel/Application/Readers", "Org1MSP.peer"));
  CHECK(allows("/Channel/Readers", "Org1MSP.client"));
  CHECK(allows("/Channel/Admins", "Org1MSP.admin"));
  CHECK_FALSE(allows("/Channel/Admins", "Org1MSP.client"));
}

TEST_CASE("an application policy is a signature policy or a path", "[ledger][row-254]") {
  const auto policies = ChannelPolicies::of(channel_of({"Org1MSP", "Org2MSP"}));
  REQUIRE(policies);
  const auto decide = [&](const std::string& bytes, const Signers& signers) {
    return policies->evaluate(bytes, signers, WordIdentities());
  };
  protos::ApplicationPolicy policy;
  *policy.mutable_signature_policy() = *parse_signature_policy("OR('Org1MSP.peer')");
  CHECK(decide(policy.SerializeAsString(), {"Org1MSP.peer"}).is_satisfied);
  CHECK(decide(policy.SerializeAsString(), {}).reason ==
        "signature set did not satisfy policy: missing 'Org1MSP.peer'");
  policy.mutable_signature_policy()->mutable_rule()->mutable_n_out_of()->add_rules();
  CHECK(decide(policy.SerializeAsString(), {"Org1MSP.peer"}).reason ==
        "could not create evaluator for signature policy: Unknown type: <nil>:<nil>");
  policy.set_channel_config_policy_reference("/Channel/Application/Endorsement");
  CHECK(decide(policy.SerializeAsString(), {"Org1MSP.peer", "Org2MSP.peer"}).is_satisfied);
  CHECK_FALSE(decide(policy.SerializeAsString(), {"Org1MSP.peer"}).is_satisfied);
  policy.set_channel_config_policy_reference("/Channel/Application/Nothing");
  CHECK(decide(policy.SerializeAsString(), {"Org1MSP.peer"}).reason ==
        "could not create evaluator for channel reference policy: failed to retrieve policy for "
        "reference /Channel/Application/Nothing");
  CHECK(decide("", {"Org1MSP.peer"}).reason == "unsupported policy type <nil>");
  CHECK(decide("\xff", {"Org1MSP.peer"}).reason == "failed to unmarshal ApplicationPolicy bytes");
}

TEST_CASE("a configuration that is not complete has no policies", "[ledger]") {
  CHECK_FALSE(ChannelPolicies::of(ccbus::ChannelConfig()));
  const auto policies = ChannelPolicies::of(channel_of({"Org1MSP"}));
  REQUIRE(policies);
  CHECK(policies->has("/Channel/Application/Org1MSP/Endorsement"));
  CHECK_FALSE(policies->has("/Channel/Application/Org2MSP/Endorsement"));
  CHECK(policies->config().organizations_size() == 1);
}

}  // namespace
}  // namespace ccbus::ledger
