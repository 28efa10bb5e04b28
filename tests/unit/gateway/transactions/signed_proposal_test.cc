#include "service/gateway/transactions/signed_proposal.h"

#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "fabric/common/common.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "service/security/dev/dev_identities.h"
#include "tests/support/organizations_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

struct SignedRig : OrganizationsRig {
  // A proposal of somebody, before it is signed.
  protos::SignedProposal proposal_of(const security::SigningIdentity& creator) {
    const gateway::ProposalBuilder builder(creator, gateway::random_bytes);
    return builder.build(submit(1).submit().invocation(), chaincode.now().wall).signed_proposal;
  }
  protos::SignedProposal signed_by(const security::SigningIdentity& creator) {
    auto proposal = proposal_of(creator);
    REQUIRE(gateway::sign(proposal, creator));
    return proposal;
  }

  // The text of the refusal of an Evaluate; empty if the chaincode was called.
  std::string refusal_of(const protos::SignedProposal& proposal) {
    const std::size_t answered = answers().size();
    ccbus::ClientRequest evaluate;
    *evaluate.mutable_evaluate()->mutable_proposed_transaction() = proposal;
    request(evaluate);
    chaincode.run_jobs();
    if (answers().size() == answered) return {};
    return answers().back().status().message();
  }
  void complete() { shim.sends(completed(shim.last().txid(), 200, "result")); }

  // A transaction that has written a key and is endorsed, before its client has signed it.
  common::Envelope prepared() {
    ccbus::ClientRequest endorse;
    *endorse.mutable_endorse()->mutable_proposed_transaction() = signed_by(theirs.client());
    request(endorse);
    chaincode.run_jobs();
    write_and_complete("k");
    chaincode.run_jobs();
    REQUIRE_FALSE(answers().back().has_status());
    return answers().back().endorse().prepared_transaction();
  }
  // The request that submits it, signed.
  ccbus::ClientRequest submission_of(common::Envelope envelope) {
    ccbus::ClientRequest submit;
    envelope.set_signature(*theirs.client().sign(envelope.payload()));
    *submit.mutable_submit()->mutable_prepared_transaction() = std::move(envelope);
    return submit;
  }
};

// Changes a proposal, and signs it again.
protos::SignedProposal changed(
    const security::SigningIdentity& creator, protos::SignedProposal proposal,
    const std::function<void(common::ChannelHeader&, common::SignatureHeader&,
                             protos::ChaincodeProposalPayload&)>& change) {
  protos::Proposal inner;
  common::Header header;
  common::ChannelHeader channel;
  common::SignatureHeader signature;
  protos::ChaincodeProposalPayload payload;
  REQUIRE(inner.ParseFromString(proposal.proposal_bytes()));
  REQUIRE(header.ParseFromString(inner.header()));
  REQUIRE(channel.ParseFromString(header.channel_header()));
  REQUIRE(signature.ParseFromString(header.signature_header()));
  REQUIRE(payload.ParseFromString(inner.payload()));
  change(channel, signature, payload);
  header.set_channel_header(channel.SerializeAsString());
  header.set_signature_header(signature.SerializeAsString());
  inner.set_header(header.SerializeAsString());
  inner.set_payload(payload.SerializeAsString());
  proposal.set_proposal_bytes(inner.SerializeAsString());
  REQUIRE(gateway::sign(proposal, creator));
  return proposal;
}

TEST_CASE("a client signs its own transaction, from the proposal to the block",
          "[gateway][issue-16]") {
  SignedRig rig;
  const auto prepared = rig.prepared();
  REQUIRE_FALSE(prepared.payload().empty());
  CHECK(prepared.signature().empty());

  const auto submit = rig.submission_of(prepared);
  rig.request(submit);
  rig.chaincode.run_jobs();
  rig.cut_block();
  // It is signed; of two organisations one has endorsed.
  CHECK(rig.answers().back().submit().validation_code() == protos::ENDORSEMENT_POLICY_FAILURE);

  // The creator is in the block.
  const auto block = *rig.ledger.ledger().block(1);
  common::Envelope ordered;
  REQUIRE(ordered.ParseFromString(block->data().data(0)));
  CHECK(ordered.payload().find(rig.theirs.client().serialized()) != std::string::npos);

  SECTION("a second time it is a duplicate") {
    rig.request(submit);
    rig.chaincode.run_jobs();
    rig.cut_block();
    CHECK(rig.answers().back().submit().validation_code() == protos::DUPLICATE_TXID);
  }
}

TEST_CASE("an envelope that nobody kept is taken if it is signed and endorsed",
          "[gateway][issue-16][row-293]") {
  SignedRig rig;
  auto made = rig.submit(1);
  rig.request(made);
  rig.write_and_complete("k");
  rig.chaincode.run_jobs();
  REQUIRE(rig.orderer.held.size() == 1);
  common::Envelope sealed;
  REQUIRE(sealed.ParseFromString(rig.orderer.held.front().bytes));
  rig.gateway.shutdown();  // Nobody waits for it any more, as after a restart.
  rig.orderer.held.clear();

  ccbus::ClientRequest submit;
  common::Envelope& envelope = *submit.mutable_submit()->mutable_prepared_transaction();
  envelope = sealed;
  SECTION("as it is") {
    rig.request(submit);
    rig.chaincode.run_jobs();
    CHECK(rig.orderer.held.size() == 1);
    rig.gateway.shutdown();
  }
  SECTION("not without its creator's signature") {
    envelope.clear_signature();
    rig.request(submit);
    CHECK(rig.answers().back().status().code() == ccbus::NOT_FOUND);
  }
  SECTION("not with another one") {
    envelope.set_signature(*rig.theirs.client().sign(envelope.payload()));
    rig.request(submit);
    rig.chaincode.run_jobs();
    CHECK_THAT(rig.answers().back().status().message(), Contains("BAD_CREATOR_SIGNATURE"));
    CHECK(rig.orderer.held.empty());
  }
}

TEST_CASE("a proposal is refused in Fabric's words",
          "[gateway][attacks][issue-16][row-290][row-291]") {
  SignedRig rig;
  const auto& client = rig.theirs.client();
  CHECK(rig.refusal_of(rig.signed_by(client)).empty());
  rig.complete();

  const auto refusal = [&](const auto& change) {
    return rig.refusal_of(changed(client, rig.proposal_of(client), change));
  };
  using Channel = common::ChannelHeader&;
  using Signature = common::SignatureHeader&;
  using Payload = protos::ChaincodeProposalPayload&;
  CHECK_THAT(refusal([](Channel channel, Signature, Payload) { channel.set_type(2); }),
             Contains("error validating proposal: invalid header type CONFIG_UPDATE"));
  CHECK_THAT(refusal([](Channel channel, Signature, Payload) { channel.set_epoch(1); }),
             Contains("error validating proposal: epoch is non-zero"));
  CHECK(rig.answers().back().status().code() == ccbus::FAILED_PRECONDITION);
  CHECK_THAT(refusal([](Channel, Signature signature, Payload) { signature.clear_nonce(); }),
             Contains("error validating proposal: nonce is empty"));
  CHECK_THAT(refusal([](Channel channel, Signature, Payload) { channel.set_tx_id("00"); }),
             Contains("incorrectly computed txid '00' -- expected '"));
  CHECK_THAT(refusal([](Channel channel, Signature, Payload) { channel.clear_extension(); }),
             Contains("ChaincodeHeaderExtension.ChaincodeId is nil"));
  CHECK_THAT(refusal([](Channel, Signature, Payload payload) { payload.clear_input(); }),
             Contains("chaincode invocation spec did not contain chaincode spec"));
  for (const std::int64_t minutes : {-16, 16, 1'000'000'000}) {
    CHECK_THAT(refusal([&](Channel channel, Signature, Payload) {
                 auto& time = *channel.mutable_timestamp();
                 time.set_seconds(time.seconds() + 60 * minutes);
               }),
               Contains("timestamp"));
  }
  SECTION("the txid of another creator") {
    const auto& other = rig.theirs.peer();
    CHECK_THAT(refusal([&](Channel, Signature signature, Payload) {
                 signature.set_creator(other.serialized());
               }),
               Contains("incorrectly computed txid"));
  }
  SECTION("no signature, somebody else's, and that of another proposal") {
    auto proposal = rig.proposal_of(client);
    CHECK_THAT(rig.refusal_of(proposal), Contains("empty signature bytes"));
    proposal.set_signature(*rig.theirs.peer().sign(proposal.proposal_bytes()));
    CHECK_THAT(rig.refusal_of(proposal),
               Contains("access denied: channel [ch1] creator org [Org2MSP]"));
    proposal.set_signature(rig.signed_by(client).signature());
    CHECK_THAT(rig.refusal_of(proposal), Contains("access denied"));
  }
  SECTION("an impostor of the organisation") {
    const auto impostor = *security::DevIdentities::make("Org2MSP");
    CHECK_THAT(rig.refusal_of(rig.signed_by(impostor.client())),
               Contains("access denied: channel [ch1] creator org [Org2MSP]"));
  }
  SECTION("an organisation that the channel does not have") {
    const auto stranger = *security::DevIdentities::make("Org9MSP");
    CHECK_THAT(rig.refusal_of(rig.signed_by(stranger.client())), Contains("creator org [Org9MSP]"));
  }
  SECTION("a peer is no writer") {
    CHECK_THAT(rig.refusal_of(rig.signed_by(rig.theirs.peer())),
               Contains("/Channel/Application/Writers"));
  }
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a proposal that is changed in any bit is refused", "[gateway][attacks][issue-16]") {
  SignedRig rig;
  const auto proposal = rig.signed_by(rig.theirs.client());
  std::mt19937 chance(16);
  constexpr int kTimes = 1'000;
  int called = 0;
  for (int i = 0; i < kTimes; ++i) {
    auto one = proposal;
    std::string& bytes =
        chance() % 4 == 0 ? *one.mutable_signature() : *one.mutable_proposal_bytes();
    const std::size_t at = chance() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1u << chance() % 8));
    if (rig.refusal_of(one).empty()) ++called;
  }
  CHECK(called == 0);
}

TEST_CASE("a channel without a configuration knows nobody's signature", "[gateway][issue-16]") {
  GatewayRig rig;
  const auto client = *security::DevIdentities::make("Org2MSP");
  const gateway::ProposalBuilder builder(client.client(), gateway::random_bytes);
  auto proposal =
      builder.build(rig.submit(1).submit().invocation(), rig.chaincode.now().wall).signed_proposal;
  REQUIRE(gateway::sign(proposal, client.client()));
  ccbus::ClientRequest evaluate;
  *evaluate.mutable_evaluate()->mutable_proposed_transaction() = proposal;
  rig.request(evaluate);
  rig.chaincode.run_jobs();
  CHECK_THAT(rig.answers().back().status().message(), Contains("has no configuration"));
}

TEST_CASE("one creator has one share of the places, whatever connections its proposals come by",
          "[gateway][attacks][issue-17]") {
  SignedRig rig;  // Up to 100 requests may be open.
  const auto ask = [&](PeerId client, const protos::SignedProposal& proposal) {
    ccbus::ClientRequest evaluate;
    *evaluate.mutable_evaluate()->mutable_proposed_transaction() = proposal;
    rig.request_of(client, evaluate);
    rig.chaincode.run_jobs();
  };
  auto forged = rig.signed_by(rig.theirs.client());
  forged.mutable_signature()->back() ^= 1;
  for (std::uint64_t client = 1; client <= 60; ++client) ask(PeerId{client}, forged);
  CHECK(rig.gateway.requests_open() == 0);
  for (std::uint64_t client = 100; client < 160; ++client) {
    ask(PeerId{client}, rig.signed_by(rig.theirs.client()));
  }
  CHECK(rig.gateway.requests_open() == 50);
  const auto& refused = rig.clients.answers[PeerId{159}];
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK_THAT(refused[0].status().message(), Contains("the creator has 50 requests open"));
}

TEST_CASE("one creator has one share of the places, whatever connections it submits by",
          "[gateway][attacks][issue-17]") {
  SignedRig rig;  // Up to 100 requests may be open.
  const auto submit = [&](PeerId client, const ccbus::ClientRequest& request) {
    rig.request_of(client, request);
    rig.chaincode.run_jobs();
  };
  const auto one_too_many = rig.submission_of(rig.prepared());
  auto forged = one_too_many;
  forged.mutable_submit()->mutable_prepared_transaction()->mutable_signature()->back() ^= 1;
  for (std::uint64_t client = 1; client <= 60; ++client) submit(PeerId{client}, forged);
  CHECK(rig.gateway.requests_open() == 0);
  for (std::uint64_t client = 100; client < 150; ++client) {
    submit(PeerId{client}, rig.submission_of(rig.prepared()));
  }
  submit(PeerId{150}, one_too_many);
  CHECK(rig.orderer.held.size() == 50);
  const auto& refused = rig.clients.answers[PeerId{150}];
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK_THAT(refused[0].status().message(), Contains("the creator has 50 requests open"));
  rig.gateway.shutdown();
}

}  // namespace
}  // namespace ccbus::test
