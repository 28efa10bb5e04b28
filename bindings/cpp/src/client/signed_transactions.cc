// The transactions of identity.h, step by step and all steps at once.
#include <chrono>
#include <utility>

#include "ccbus/client/identity.h"
#include "fabric/common/common.pb.h"
#include "fabric/peer/chaincode.pb.h"

namespace ccbus::client {
namespace {

bool is_conflict(const Reply& reply) {
  const auto code = reply.response.submit().validation_code();
  return reply.response.has_submit() &&
         (code == protos::MVCC_READ_CONFLICT || code == protos::PHANTOM_READ_CONFLICT);
}

}  // namespace

SignedStep make_proposal(const Invocation& invocation, const Identity& creator) {
  const std::string nonce = invocation.nonce.empty() ? make_nonce() : invocation.nonce;
  protos::ChaincodeHeaderExtension extension;
  extension.mutable_chaincode_id()->set_name(invocation.chaincode_name);
  common::ChannelHeader channel;
  channel.set_type(common::ENDORSER_TRANSACTION);
  channel.set_channel_id(invocation.channel_id);
  channel.set_tx_id(transaction_id_of(nonce, creator.serialized()));
  channel.set_extension(extension.SerializeAsString());
  using std::chrono::duration_cast;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = duration_cast<std::chrono::seconds>(now);
  channel.mutable_timestamp()->set_seconds(seconds.count());
  channel.mutable_timestamp()->set_nanos(
      static_cast<int>(duration_cast<std::chrono::nanoseconds>(now - seconds).count()));
  common::SignatureHeader signature;
  signature.set_creator(creator.serialized());
  signature.set_nonce(nonce);
  common::Header header;
  header.set_channel_header(channel.SerializeAsString());
  header.set_signature_header(signature.SerializeAsString());

  protos::ChaincodeInvocationSpec spec;
  spec.mutable_chaincode_spec()->mutable_chaincode_id()->set_name(invocation.chaincode_name);
  protos::ChaincodeInput& input = *spec.mutable_chaincode_spec()->mutable_input();
  for (const std::string& arg : invocation.args) input.add_args(arg);
  input.set_is_init(invocation.is_init);
  protos::ChaincodeProposalPayload payload;
  payload.set_input(spec.SerializeAsString());
  payload.mutable_transientmap()->insert(invocation.transient.begin(), invocation.transient.end());

  protos::Proposal proposal;
  proposal.set_header(header.SerializeAsString());
  proposal.set_payload(payload.SerializeAsString());
  return {channel.tx_id(), proposal.SerializeAsString()};
}

protos::SignedProposal with_signature(const SignedStep& proposal, std::string signature) {
  protos::SignedProposal signed_proposal;
  signed_proposal.set_proposal_bytes(proposal.bytes);
  signed_proposal.set_signature(std::move(signature));
  return signed_proposal;
}

SignedStep transaction_of(const EndorseResponse& endorsed) {
  return {endorsed.transaction_id(), endorsed.prepared_transaction().payload()};
}

common::Envelope with_signature(const SignedStep& transaction, std::string signature,
                                const EndorseResponse& endorsed) {
  common::Envelope envelope = endorsed.prepared_transaction();
  envelope.set_payload(transaction.bytes);
  envelope.set_signature(std::move(signature));
  return envelope;
}

Reply evaluate(Client& client, const Invocation& invocation, const Identity& creator,
               std::chrono::milliseconds timeout) {
  const SignedStep proposal = make_proposal(invocation, creator);
  ClientRequest request;
  *request.mutable_evaluate()->mutable_proposed_transaction() =
      with_signature(proposal, creator.sign(proposal.bytes));
  return client.call(std::move(request), timeout);
}

Reply endorse(Client& client, const Invocation& invocation, const Identity& creator,
              std::chrono::milliseconds timeout,
              const std::vector<std::string>& endorsing_organizations) {
  const SignedStep proposal = make_proposal(invocation, creator);
  ClientRequest request;
  EndorseRequest& wanted = *request.mutable_endorse();
  *wanted.mutable_proposed_transaction() = with_signature(proposal, creator.sign(proposal.bytes));
  for (const std::string& msp_id : endorsing_organizations) {
    wanted.add_endorsing_organizations(msp_id);
  }
  return client.call(std::move(request), timeout);
}

Reply submit(Client& client, const Invocation& invocation, const Identity& creator,
             std::chrono::milliseconds timeout, const SubmitOptions& options) {
  if (options.retries > 0 && !invocation.nonce.empty()) {
    Reply refused;
    refused.error = {INVALID_ARGUMENT, "retries do not go with a nonce: each is a new transaction",
                     Origin::kClient};
    return refused;
  }
  for (std::uint32_t retried = 0;; ++retried) {
    const Reply endorsed =
        endorse(client, invocation, creator, timeout, options.endorsing_organizations);
    if (!endorsed.error.ok()) return endorsed;
    const EndorseResponse& response = endorsed.response.endorse();
    const SignedStep transaction = transaction_of(response);
    Reply reply = client.submit_prepared(
        with_signature(transaction, creator.sign(transaction.bytes), response), timeout,
        options.until);
    if (reply.response.has_submit()) reply.response.mutable_submit()->set_retries(retried);
    if (!is_conflict(reply) || retried >= options.retries) return reply;
  }
}

}  // namespace ccbus::client
