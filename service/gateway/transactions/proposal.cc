#include "service/gateway/transactions/proposal.h"

#include <openssl/rand.h>

#include <chrono>
#include <utility>

#include "fabric/common/common.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/assert.h"
#include "service/base/hex.h"
#include "service/ledger/block/sha256.h"

namespace ccbus::gateway {
namespace {

using ledger::sha256;

std::string channel_header(const Proposal& proposal, WallTime now) {
  using std::chrono::nanoseconds;
  const auto since_epoch = std::chrono::duration_cast<nanoseconds>(now.time_since_epoch()).count();
  protos::ChaincodeHeaderExtension extension;
  extension.mutable_chaincode_id()->set_name(proposal.chaincode_name);

  common::ChannelHeader header;
  header.set_type(common::ENDORSER_TRANSACTION);
  header.mutable_timestamp()->set_seconds(since_epoch / 1'000'000'000);
  header.mutable_timestamp()->set_nanos(static_cast<int>(since_epoch % 1'000'000'000));
  header.set_channel_id(proposal.key.channel.value);
  header.set_tx_id(proposal.key.tx.value);
  extension.SerializeToString(header.mutable_extension());
  return header.SerializeAsString();
}

protos::ChaincodeInvocationSpec invocation_spec(const ccbus::Invocation& invocation) {
  protos::ChaincodeInvocationSpec spec;
  spec.mutable_chaincode_spec()->mutable_chaincode_id()->set_name(invocation.chaincode_name());
  protos::ChaincodeInput* input = spec.mutable_chaincode_spec()->mutable_input();
  *input->mutable_args() = invocation.args();
  input->set_is_init(invocation.is_init());
  return spec;
}

// The result of the simulation, with the hash of its proposal.
std::string response_payload(const Proposal& proposal, const rwset::TxReadWriteSet& results,
                             const protos::Response& response,
                             const std::optional<protos::ChaincodeEvent>& event) {
  protos::ChaincodeAction action;
  results.SerializeToString(action.mutable_results());
  if (event) event->SerializeToString(action.mutable_events());
  *action.mutable_response() = response;
  action.mutable_chaincode_id()->set_name(proposal.chaincode_name);

  protos::ProposalResponsePayload payload;
  payload.set_proposal_hash(
      sha256({proposal.channel_header, proposal.signature_header, proposal.payload}));
  action.SerializeToString(payload.mutable_extension());
  return payload.SerializeAsString();
}

}  // namespace

void random_bytes(std::span<std::byte> buffer) {
  const int filled =
      RAND_bytes(reinterpret_cast<unsigned char*>(buffer.data()), static_cast<int>(buffer.size()));
  CCBUS_ASSERT(filled == 1);
}

ProposalBuilder::ProposalBuilder(const SigningIdentity& identity, RandomSource random,
                                 Signatures signatures)
    : identity_(identity), random_(std::move(random)), signatures_(signatures) {}

Proposal ProposalBuilder::build(const ccbus::Invocation& invocation, WallTime now) const {
  std::string nonce(kNonceBytes, '\0');
  random_({reinterpret_cast<std::byte*>(nonce.data()), nonce.size()});
  const std::string& creator = identity_.serialized();

  Proposal proposal;
  proposal.key.channel.value = invocation.channel_id();
  proposal.key.tx.value = to_hex(sha256({nonce, creator}));
  proposal.chaincode_name = invocation.chaincode_name();
  proposal.channel_header = channel_header(proposal, now);

  common::SignatureHeader signature_header;
  signature_header.set_creator(creator);
  signature_header.set_nonce(std::move(nonce));
  proposal.signature_header = signature_header.SerializeAsString();

  const protos::ChaincodeInvocationSpec spec = invocation_spec(invocation);
  proposal.chaincode_input = spec.chaincode_spec().input().SerializeAsString();
  protos::ChaincodeProposalPayload payload;
  spec.SerializeToString(payload.mutable_input());
  proposal.payload = payload.SerializeAsString();
  *payload.mutable_transientmap() = invocation.transient();

  common::Header header;
  header.set_channel_header(proposal.channel_header);
  header.set_signature_header(proposal.signature_header);
  protos::Proposal whole;
  header.SerializeToString(whole.mutable_header());
  payload.SerializeToString(whole.mutable_payload());
  whole.SerializeToString(proposal.signed_proposal.mutable_proposal_bytes());
  return proposal;
}

Result<void> ProposalBuilder::sign(protos::SignedProposal& proposal) const {
  auto signature = identity_.sign(proposal.proposal_bytes());
  if (!signature) return unexpected(signature.error());
  proposal.set_signature(std::move(*signature));
  return {};
}

std::string transaction_envelope(const Proposal& proposal, const rwset::TxReadWriteSet& results,
                                 const protos::Response& response,
                                 const std::optional<protos::ChaincodeEvent>& event) {
  protos::ChaincodeActionPayload action_payload;
  action_payload.set_chaincode_proposal_payload(proposal.payload);
  action_payload.mutable_action()->set_proposal_response_payload(
      response_payload(proposal, results, response, event));

  protos::Transaction transaction;
  protos::TransactionAction* action = transaction.add_actions();
  action->set_header(proposal.signature_header);
  action_payload.SerializeToString(action->mutable_payload());

  common::Payload payload;
  payload.mutable_header()->set_channel_header(proposal.channel_header);
  payload.mutable_header()->set_signature_header(proposal.signature_header);
  transaction.SerializeToString(payload.mutable_data());

  common::Envelope envelope;
  payload.SerializeToString(envelope.mutable_payload());
  return envelope.SerializeAsString();
}

}  // namespace ccbus::gateway
