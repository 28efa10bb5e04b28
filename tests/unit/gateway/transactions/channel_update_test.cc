#include "service/gateway/transactions/channel_update.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/gateway/transactions/seal.h"
#include "service/ledger/policy/channel_config.h"
#include "service/security/dev/dev_identities.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using security::DevIdentities;
using security::SigningIdentity;

// A channel of two organisations whose members the service does not play: administrators of both
// have to sign a change.
struct ForeignRig : GatewayRig {
  ForeignRig() {
    ccbus::ClientRequest configure;
    configure.mutable_channel()->set_channel_id(kChannel.value);
    auto& wanted = *configure.mutable_channel()->mutable_configure();
    for (const auto* organization : {&org1, &org2}) {
      wanted.add_organizations()->set_config(organization->msp_config().SerializeAsString());
    }
    request(configure);
    chaincode.run_jobs();
    cut_block();
    REQUIRE(ledger.ledger().trust());
  }

  [[nodiscard]] const ccbus::ChannelConfig& config() { return ledger.ledger().trust()->config(); }
  [[nodiscard]] ccbus::ChannelConfig next() {
    ccbus::ChannelConfig config = this->config();
    config.set_sequence(config.sequence() + 1);
    config.set_definitions_required(true);
    return config;
  }

  // Asks for the transaction that makes this the channel's configuration.
  ccbus::ClientResponse propose(const std::vector<std::string>& args,
                                const SigningIdentity& proposer) {
    ccbus::Invocation invocation;
    invocation.set_channel_id(kChannel.value);
    invocation.set_chaincode_name(std::string(ledger::kChannelNamespace));
    for (const std::string& arg : args) invocation.add_args(arg);
    const gateway::ProposalBuilder builder(proposer, gateway::random_bytes);
    auto proposal = builder.build(invocation, chaincode.now().wall).signed_proposal;
    REQUIRE(gateway::sign(proposal, proposer));
    ccbus::ClientRequest request_to_endorse;
    *request_to_endorse.mutable_endorse()->mutable_proposed_transaction() = proposal;
    request(request_to_endorse);
    chaincode.run_jobs();
    chaincode.run_jobs();
    return answers().back();
  }
  common::Envelope proposed(const ccbus::ChannelConfig& config) {
    const auto answer =
        propose({gateway::kUpdateConfig, config.SerializeAsString()}, org1.client());
    REQUIRE(answer.status().code() == ccbus::OK);
    return answer.endorse().prepared_transaction();
  }

  // Submits it with these signatures.
  ccbus::ClientResponse submit_with(const common::Envelope& envelope,
                                    const std::vector<const SigningIdentity*>& signers) {
    std::vector<gateway::ServiceIdentities::Identity> endorsers;
    for (const auto* signer : signers) endorsers.push_back({std::shared_ptr<void>(), signer});
    const auto sealed = gateway::seal(envelope.SerializeAsString(), endorsers, &org1.client(),
                                      ledger.ledger().trust()->msps());
    ccbus::ClientRequest submit;
    REQUIRE(submit.mutable_submit()->mutable_prepared_transaction()->ParseFromString(*sealed));
    request(submit);
    chaincode.run_jobs();
    if (!orderer.held.empty()) cut_block();
    return answers().back();
  }

  DevIdentities org1 = *DevIdentities::make("Org1MSP");
  DevIdentities org2 = *DevIdentities::make("Org2MSP");
};

TEST_CASE("a channel's first configuration may have organisations of others alone",
          "[gateway][issue-16][row-332]") {
  ForeignRig rig;
  CHECK(rig.config().organizations_size() == 2);
  CHECK(rig.identities.played(rig.ledger.ledger().trust().get()).empty());
  rig.request(rig.submit(1));
  CHECK_THAT(rig.answers().back().status().message(), Contains("takes signed transactions alone"));
}

TEST_CASE("administrators of others sign a change off-line, one after the other",
          "[gateway][issue-16][row-333]") {
  ForeignRig rig;
  const common::Envelope envelope = rig.proposed(rig.next());
  const auto one = rig.submit_with(envelope, {&rig.org1.admin()});
  CHECK(one.status().code() == ccbus::FAILED_PRECONDITION);
  CHECK_THAT(one.status().message(),
             Contains("lacks signatures of administrators") &&
                 Contains("1 sub-policies were satisfied, but this policy requires 2"));
  CHECK(rig.config().sequence() == 1);
  rig.advance(3600s);  // Administrators take their time.
  const auto both = rig.submit_with(envelope, {&rig.org1.admin(), &rig.org2.admin()});
  CHECK(both.submit().validation_code() == protos::VALID);
  CHECK(rig.config().sequence() == 2);
  CHECK(rig.config().definitions_required());
}

TEST_CASE("only administrators count for a change, each organisation once", "[gateway][issue-16]") {
  ForeignRig rig;
  const common::Envelope envelope = rig.proposed(rig.next());
  const auto refused = [&](const std::vector<const SigningIdentity*>& signers) {
    return rig.submit_with(envelope, signers).status().code() != ccbus::OK;
  };
  const auto impostor = *DevIdentities::make("Org2MSP");
  CHECK(refused({}));
  CHECK(refused({&rig.org1.admin(), &rig.org1.admin()}));
  CHECK(refused({&rig.org1.admin(), &rig.org2.peer()}));
  CHECK(refused({&rig.org1.admin(), &rig.org2.client()}));
  CHECK(refused({&rig.org1.admin(), &impostor.admin()}));
  CHECK(rig.config().sequence() == 1);
}

TEST_CASE("a change that was overtaken by another one is not valid", "[gateway][issue-16]") {
  ForeignRig rig;
  const common::Envelope first = rig.proposed(rig.next());
  const common::Envelope second = rig.proposed(rig.next());
  const std::vector<const SigningIdentity*> admins{&rig.org1.admin(), &rig.org2.admin()};
  CHECK(rig.submit_with(first, admins).submit().validation_code() == protos::VALID);
  CHECK(rig.submit_with(second, admins).submit().validation_code() != protos::VALID);
  CHECK(rig.config().sequence() == 2);
}

TEST_CASE("a proposal to change a channel is refused if it cannot be the next configuration",
          "[gateway][issue-16]") {
  ForeignRig rig;
  const auto refusal = [&](const std::vector<std::string>& args) {
    const auto answer = rig.propose(args, rig.org1.client());
    CHECK(answer.status().code() == ccbus::FAILED_PRECONDITION);
    CHECK_FALSE(answer.endorse().has_prepared_transaction());
    return answer.status().message();
  };
  CHECK_THAT(refusal({"UpdateConfig"}), Contains("has two arguments"));
  CHECK_THAT(refusal({"Other", rig.next().SerializeAsString()}), Contains("has two arguments"));
  CHECK_THAT(refusal({"UpdateConfig", "\xff"}), Contains("cannot be decoded"));
  CHECK_THAT(refusal({"UpdateConfig", rig.config().SerializeAsString()}), Contains("sequence"));
  auto broken = rig.next();
  msp::FabricMSPConfig without_ca;
  without_ca.set_name("Org1MSP");
  broken.mutable_organizations(0)->mutable_msp()->set_config(without_ca.SerializeAsString());
  CHECK_THAT(refusal({"UpdateConfig", broken.SerializeAsString()}), Contains("Org1MSP"));
  const auto stranger = *DevIdentities::make("Org9MSP");
  const auto denied =
      rig.propose({"UpdateConfig", rig.next().SerializeAsString()}, stranger.client());
  CHECK_THAT(denied.status().message(), Contains("creator org [Org9MSP]"));
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("nobody changes a channel by an unsigned transaction in its configuration's name",
          "[gateway][issue-16]") {
  const bool is_configured = GENERATE(true, false);
  ForeignRig foreign;
  GatewayRig plain;
  GatewayRig& rig = is_configured ? foreign : plain;
  auto request = rig.submit(1);
  auto& invocation = *request.mutable_submit()->mutable_invocation();
  invocation.set_chaincode_name("_channel");
  invocation.clear_args();
  invocation.add_args("UpdateConfig");
  invocation.add_args(foreign.next().SerializeAsString());
  rig.request(request);
  rig.chaincode.run_jobs();
  CHECK(rig.answers().back().status().code() != ccbus::OK);
  CHECK(rig.orderer.held.empty());
}

TEST_CASE("the service signs a change as the administrators whom it plays", "[gateway][issue-16]") {
  ForeignRig rig;
  auto next = rig.next();
  const auto played = *rig.organizations.open("Org3MSP");
  rig.identities.play("Org3MSP", played.identities);
  const auto org3 = *ledger::default_channel_config({played.config});
  *next.add_organizations() = org3.organizations(0);
  const std::vector<const SigningIdentity*> admins{&rig.org1.admin(), &rig.org2.admin()};
  REQUIRE(rig.submit_with(rig.proposed(next), admins).submit().validation_code() == protos::VALID);
  // Two of three: one is the service.
  const common::Envelope change = rig.proposed(rig.next());
  CHECK(rig.submit_with(change, {}).status().code() == ccbus::FAILED_PRECONDITION);
  CHECK(rig.submit_with(change, {&rig.org2.admin()}).submit().validation_code() == protos::VALID);
}

}  // namespace
}  // namespace ccbus::test
