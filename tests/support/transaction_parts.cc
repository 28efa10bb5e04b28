#include "tests/support/transaction_parts.h"

#include "fabric/peer/transaction.pb.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"

namespace ccbus::test {
namespace {

constexpr const char* kCreator = "creator";
constexpr const char* kChaincode = "basic";

}  // namespace

TxId tx_id_of(const std::string& name) {
  return TxId{to_hex(sha256({name, kCreator}))};
}

TransactionParts::TransactionParts(const ChannelId& channel, const std::string& name,
                                   const rwset::TxReadWriteSet& results) {
  protos::ChaincodeHeaderExtension extension;
  extension.mutable_chaincode_id()->set_name(kChaincode);
  channel_header.set_type(common::ENDORSER_TRANSACTION);
  channel_header.set_channel_id(channel.value);
  channel_header.mutable_timestamp()->set_seconds(kTimestampSeconds);
  channel_header.set_tx_id(tx_id_of(name).value);
  channel_header.set_extension(extension.SerializeAsString());
  signature_header.set_nonce(name);
  signature_header.set_creator(kCreator);
  action.mutable_chaincode_id()->set_name(kChaincode);
  action.mutable_response()->set_status(200);
  action.set_results(results.SerializeAsString());
}

OrderedEnvelope TransactionParts::envelope() const {
  common::Payload payload;
  common::Header& header = *payload.mutable_header();
  header.set_channel_header(raw_channel_header.value_or(channel_header.SerializeAsString()));
  header.set_signature_header(raw_signature_header.value_or(signature_header.SerializeAsString()));

  protos::ChaincodeActionPayload endorsed;
  endorsed.set_chaincode_proposal_payload("proposal");
  protos::ProposalResponsePayload response;
  response.set_proposal_hash(
      raw_proposal_hash.value_or(sha256({header.channel_header(), header.signature_header(),
                                         endorsed.chaincode_proposal_payload()})));
  response.set_extension(raw_action.value_or(action.SerializeAsString()));
  endorsed.mutable_action()->set_proposal_response_payload(
      raw_response_payload.value_or(response.SerializeAsString()));

  protos::Transaction transaction;
  for (int i = 0; i < actions; ++i) {
    transaction.add_actions()->set_payload(endorsed.SerializeAsString());
  }
  payload.set_data(raw_transaction.value_or(transaction.SerializeAsString()));
  common::Envelope envelope;
  envelope.set_payload(raw_payload.value_or(payload.SerializeAsString()));
  return {TxId{channel_header.tx_id()}, envelope.SerializeAsString(), private_data};
}

}  // namespace ccbus::test
