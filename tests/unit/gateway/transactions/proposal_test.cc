#include "service/gateway/transactions/proposal.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>

#include "fabric/common/common.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"

namespace ccbus::test {
namespace {

using gateway::Proposal;
using gateway::ProposalBuilder;
using security::SigningIdentity;

constexpr WallTime kNow{std::chrono::nanoseconds(1'700'000'000'000'000'042)};
const std::string kNonce(24, 'n');

// Decodes a layer. Every layer has to be encoded as protobuf encodes it.
template <class Layer>
Layer layer(std::string_view encoded) {
  Layer decoded;
  REQUIRE(decoded.ParseFromArray(encoded.data(), static_cast<int>(encoded.size())));
  CHECK(decoded.SerializeAsString() == encoded);
  return decoded;
}

struct Built {
  SigningIdentity identity = *SigningIdentity::generate("Org1MSP");
  ProposalBuilder builder{
      identity, [](std::span<std::byte> nonce) { std::ranges::fill(nonce, std::byte{'n'}); }};
  ccbus::Invocation invocation;

  Built() {
    invocation.set_channel_id("mychannel");
    invocation.set_chaincode_name("basic");
    for (const char* arg : {"create", "", "value"}) invocation.add_args(arg);
  }

  [[nodiscard]] Proposal build() const { return builder.build(invocation, kNow); }
};

void check_headers(const Built& built, const Proposal& proposal, const common::Header& header) {
  const auto signature = layer<common::SignatureHeader>(header.signature_header());
  CHECK(signature.creator() == built.identity.serialized());
  CHECK(signature.nonce() == kNonce);
  const auto channel = layer<common::ChannelHeader>(header.channel_header());
  CHECK(channel.type() == common::ENDORSER_TRANSACTION);
  CHECK(channel.channel_id() == "mychannel");
  CHECK(channel.tx_id() == proposal.key.tx.value);
  CHECK(channel.tx_id() == to_hex(sha256({kNonce, built.identity.serialized()})));
  CHECK(channel.timestamp().seconds() == 1'700'000'000);
  CHECK(channel.timestamp().nanos() == 42);
  const auto extension = layer<protos::ChaincodeHeaderExtension>(channel.extension());
  CHECK(extension.chaincode_id().name() == "basic");
}

void check_input(const protos::ChaincodeInput& input, bool is_init) {
  REQUIRE(input.args_size() == 3);
  CHECK(input.args(0) == "create");
  CHECK(input.args(1).empty());
  CHECK(input.args(2) == "value");
  CHECK(input.is_init() == is_init);
}

}  // namespace

TEST_CASE("a proposal has the layers of Fabric, each encoded as protobuf encodes it",
          "[gateway][issue-14]") {
  Built built;
  const bool is_init = GENERATE(false, true);
  const bool has_transient = GENERATE(false, true);
  built.invocation.set_is_init(is_init);
  if (has_transient) (*built.invocation.mutable_transient())["key"] = "secret";
  if (has_transient) (*built.invocation.mutable_transient())[""] = "";
  const Proposal proposal = built.build();
  CHECK(proposal.key.channel.value == "mychannel");
  CHECK(proposal.chaincode_name == "basic");
  check_input(layer<protos::ChaincodeInput>(proposal.chaincode_input), is_init);

  protos::Proposal whole;  // The entries of a map have no order.
  REQUIRE(whole.ParseFromString(proposal.signed_proposal.proposal_bytes()));
  check_headers(built, proposal, layer<common::Header>(whole.header()));
  protos::ChaincodeProposalPayload payload;
  REQUIRE(payload.ParseFromString(whole.payload()));
  CHECK(payload.transientmap_size() == (has_transient ? 2 : 0));
  if (has_transient) CHECK(payload.transientmap().at("key") == "secret");
  if (has_transient) CHECK(payload.transientmap().at("").empty());
  const auto spec = layer<protos::ChaincodeInvocationSpec>(payload.input());
  CHECK(spec.chaincode_spec().chaincode_id().name() == "basic");
  check_input(spec.chaincode_spec().input(), is_init);

  payload.clear_transientmap();
  CHECK(proposal.payload() == payload.SerializeAsString());
}

TEST_CASE("an envelope has the layers of Fabric, and the transient map in none of them",
          "[gateway][issue-14]") {
  Built built;
  (*built.invocation.mutable_transient())["key"] = "secret";
  const Proposal proposal = built.build();
  rwset::TxReadWriteSet results;
  if (GENERATE(false, true)) results.add_ns_rwset()->set_namespace_("basic");
  protos::Response response;
  response.set_status(200);
  std::optional<protos::ChaincodeEvent> event;
  if (GENERATE(false, true)) event.emplace().set_event_name("created");

  const std::string encoded =
      gateway::transaction_envelope(proposal, {results, response, event, {}});
  CHECK(encoded.find("secret") == std::string::npos);
  const auto payload = layer<common::Payload>(layer<common::Envelope>(encoded).payload());
  check_headers(built, proposal, payload.header());
  const auto transaction = layer<protos::Transaction>(payload.data());
  REQUIRE(transaction.actions_size() == 1);
  CHECK(transaction.actions(0).header() == payload.header().signature_header());
  const auto action = layer<protos::ChaincodeActionPayload>(transaction.actions(0).payload());
  CHECK(action.chaincode_proposal_payload() == proposal.payload());
  CHECK(action.action().endorsements_size() == 0);
  const auto made =
      layer<protos::ProposalResponsePayload>(action.action().proposal_response_payload());
  CHECK(made.proposal_hash() ==
        sha256({payload.header().channel_header(), payload.header().signature_header(),
                action.chaincode_proposal_payload()}));
  const auto extension = layer<protos::ChaincodeAction>(made.extension());
  CHECK(extension.results() == results.SerializeAsString());
  CHECK(extension.events() == (event ? event->SerializeAsString() : ""));
  CHECK(extension.response().status() == 200);
  CHECK(extension.chaincode_id().name() == "basic");
}

}  // namespace ccbus::test
