#include "service/gateway/admin/channel_configuration.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

ccbus::ClientRequest configure(const ChannelId& channel) {
  ccbus::ClientRequest request;
  request.set_correlation_id(7);
  request.mutable_channel()->set_channel_id(channel.value);
  request.mutable_channel()->mutable_configure();
  return request;
}

// A channel of two organisations that the service plays.
struct ConfiguredRig : GatewayRig {
  ConfiguredRig() {
    auto request = configure(kChannel);
    request.mutable_channel()->mutable_configure()->add_development_organizations("Org1MSP");
    request.mutable_channel()->mutable_configure()->add_development_organizations("Org2MSP");
    order(request);
    REQUIRE(last().submit().validation_code() == protos::VALID);
    REQUIRE(config().sequence() == 1);
  }

  // Sends a request whose transaction needs no chaincode, and makes its block.
  void order(const ccbus::ClientRequest& request_to_order) {
    request(request_to_order);
    chaincode.run_jobs();  // Organisations are made.
    chaincode.run_jobs();  // The transaction is signed.
    if (!orderer.held.empty()) cut_block();
  }

  // Submits a transaction that writes a key, endorsed by these organisations; empty: by all.
  void write(const std::string& key, const std::vector<std::string>& endorsers = {}) {
    auto made = submit(8);
    for (const std::string& msp_id : endorsers) {
      made.mutable_submit()->add_endorsing_organizations(msp_id);
    }
    request(made);
    write_and_complete(key);
    chaincode.run_jobs();
    cut_block();
  }

  [[nodiscard]] const ccbus::ClientResponse& last() { return answers().back(); }
  [[nodiscard]] const ccbus::ChannelConfig& config() { return ledger.ledger().trust()->config(); }
};

void update(ConfiguredRig& rig, const std::string& endorsement) {
  auto request = configure(kChannel);
  ccbus::ChannelConfig& next = *request.mutable_channel()->mutable_configure()->mutable_config();
  next = rig.config();
  next.set_sequence(next.sequence() + 1);
  for (ccbus::NamedPolicy& named : *next.mutable_policies()) {
    if (named.name() != "Endorsement") continue;
    named.mutable_policy()->set_type(common::Policy::SIGNATURE);
    named.mutable_policy()->set_value(
        ledger::parse_signature_policy(endorsement)->SerializeAsString());
  }
  rig.order(request);
}

TEST_CASE("a channel without a configuration checks no signatures, and gets one by a transaction",
          "[gateway][issue-16]") {
  GatewayRig rig;
  CHECK(rig.ledger.ledger().trust() == nullptr);
  rig.commit("k");
  ConfiguredRig configured;
  CHECK(configured.config().organizations_size() == 2);
  CHECK(configured.ledger.ledger().height() == 1);
}

TEST_CASE("what all organisations endorse is valid, and in the block as Fabric has it",
          "[gateway][issue-16][row-292]") {
  ConfiguredRig rig;
  rig.write("k");
  CHECK(rig.last().submit().validation_code() == protos::VALID);
  CHECK(rig.ledger.value_of("k") == "v");

  const auto block = *rig.ledger.ledger().block(1);
  common::Envelope envelope;
  common::Payload payload;
  protos::Transaction transaction;
  protos::ChaincodeActionPayload action;
  REQUIRE(envelope.ParseFromString(block->data().data(0)));
  REQUIRE(payload.ParseFromString(envelope.payload()));
  REQUIRE(transaction.ParseFromString(payload.data()));
  REQUIRE(action.ParseFromString(transaction.actions(0).payload()));
  CHECK(action.action().endorsements_size() == 2);
  common::SignatureHeader header;
  REQUIRE(header.ParseFromString(payload.header().signature_header()));
  const auto& identities = rig.ledger.ledger().trust()->identities();
  CHECK(identities.has_signed(header.creator(), envelope.payload(), envelope.signature()));
  for (const protos::Endorsement& endorsement : action.action().endorsements()) {
    CHECK(
        identities.has_signed(endorsement.endorser(),
                              action.action().proposal_response_payload() + endorsement.endorser(),
                              endorsement.signature()));
  }
}

TEST_CASE("too few endorsements are a failure of the policy, which says what is missing",
          "[gateway][issue-16]") {
  ConfiguredRig rig;
  rig.write("k", {"Org1MSP"});
  CHECK(rig.last().submit().validation_code() == protos::ENDORSEMENT_POLICY_FAILURE);
  CHECK(rig.last().status().code() == ccbus::ABORTED);
  CHECK_THAT(rig.last().status().message(), Contains("1 sub-policies were satisfied"));
  CHECK_FALSE(rig.ledger.value_of("k"));

  update(rig, "AND('Org1MSP.peer','Org2MSP.peer')");
  rig.write("k", {"Org2MSP"});
  CHECK_THAT(rig.last().status().message(), Contains("missing 'Org1MSP.peer'"));
  update(rig, "OR('Org1MSP.peer','Org2MSP.peer')");
  rig.write("k", {"Org2MSP"});
  CHECK(rig.last().submit().validation_code() == protos::VALID);
  rig.write("l", {"Org3MSP"});
  CHECK(rig.last().submit().validation_code() == protos::ENDORSEMENT_POLICY_FAILURE);
}

TEST_CASE("a configuration follows the one before, and is sound", "[gateway][issue-16]") {
  ConfiguredRig rig;
  SECTION("another first one") {
    auto request = configure(kChannel);
    request.mutable_channel()->mutable_configure()->add_development_organizations("Org3MSP");
    rig.order(request);
    CHECK(rig.last().status().code() == ccbus::FAILED_PRECONDITION);
  }
  SECTION("the same sequence") {
    auto request = configure(kChannel);
    *request.mutable_channel()->mutable_configure()->mutable_config() = rig.config();
    rig.order(request);
    CHECK(rig.last().status().code() == ccbus::FAILED_PRECONDITION);
  }
  SECTION("an organisation without a certificate authority") {
    auto request = configure(kChannel);
    auto& next = *request.mutable_channel()->mutable_configure()->mutable_config();
    next = rig.config();
    next.set_sequence(2);
    msp::FabricMSPConfig broken;
    broken.set_name("Org1MSP");
    next.mutable_organizations(0)->mutable_msp()->set_config(broken.SerializeAsString());
    rig.order(request);
    CHECK(rig.last().status().code() == ccbus::INVALID_ARGUMENT);
    CHECK_THAT(rig.last().status().message(), Contains("Org1MSP"));
  }
  SECTION("no organisation") {
    rig.order(configure(kChannel));
    CHECK(rig.last().status().code() == ccbus::INVALID_ARGUMENT);
  }
  SECTION("no such channel") {
    auto request = configure({"absent"});
    request.mutable_channel()->mutable_configure()->add_development_organizations("Org1MSP");
    rig.order(request);
    CHECK(rig.last().status().code() == ccbus::NOT_FOUND);
  }
  CHECK(rig.config().sequence() == 1);
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a prepared transaction is endorsed, and signed by its Submit", "[gateway][issue-16]") {
  ConfiguredRig rig;
  ccbus::ClientRequest request;
  *request.mutable_endorse()->mutable_invocation() = rig.submit(1).submit().invocation();
  rig.request(request);
  rig.write_and_complete("k");
  rig.chaincode.run_jobs();
  common::Envelope prepared = rig.last().endorse().prepared_transaction();
  CHECK(prepared.signature().empty());
  ccbus::ClientRequest submit;
  SECTION("as it is") {
    *submit.mutable_submit()->mutable_prepared_transaction() = prepared;
    rig.request(submit);
    rig.cut_block();
    CHECK(rig.last().submit().validation_code() == protos::VALID);
  }
  SECTION("with a signature that is not its creator's") {
    prepared.set_signature("somebody else's");
    *submit.mutable_submit()->mutable_prepared_transaction() = prepared;
    rig.request(submit);
    rig.chaincode.run_jobs();
    CHECK_THAT(rig.last().status().message(), Contains("BAD_CREATOR_SIGNATURE"));
    CHECK(rig.orderer.held.empty());
    // It still waits for the right one.
    prepared.clear_signature();
    *submit.mutable_submit()->mutable_prepared_transaction() = prepared;
    rig.request(submit);
    rig.cut_block();
    CHECK(rig.last().submit().validation_code() == protos::VALID);
  }
}

TEST_CASE("an envelope that was changed after it was signed is never valid",
          "[gateway][attacks][issue-16]") {
  ConfiguredRig rig;
  std::mt19937 chance(16);
  constexpr int kTimes = 1'000;
  auto request = rig.submit(8);
  rig.request(request);
  rig.write_and_complete("k");
  rig.chaincode.run_jobs();
  REQUIRE(rig.orderer.held.size() == 1);
  const OrderedEnvelope sealed = std::exchange(rig.orderer.held, {}).front();
  std::vector<OrderedEnvelope> changed;
  for (int i = 0; i < kTimes; ++i) {
    OrderedEnvelope one = sealed;
    const std::size_t at = chance() % one.bytes.size();
    one.bytes[at] = static_cast<char>(one.bytes[at] ^ (1u << chance() % 8));
    changed.push_back(std::move(one));
  }
  const auto block = rig.ledger.ledger().commit(rig.ledger.next_batch(std::move(changed)));
  REQUIRE(block);
  int valid = 0;
  for (const auto& transaction : block->transactions) valid += transaction.code == protos::VALID;
  CHECK(valid == 0);
  CHECK_FALSE(rig.ledger.value_of("k"));
  rig.gateway.shutdown();
}

}  // namespace
}  // namespace ccbus::test
