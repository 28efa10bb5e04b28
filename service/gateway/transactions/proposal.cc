#include "service/gateway/transactions/proposal.h"

#include <openssl/rand.h>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "fabric/common/common.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/assert.h"
#include "service/base/back_writer.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"

namespace ccbus::gateway {
namespace {

// Enough for the tags, lengths and numbers of a proposal or an envelope.
constexpr std::size_t kLayersBytesMax = 32 * BackWriter::kFieldBytesMax;

void write_name(BackWriter& out, int field, std::string_view chaincode_name,
                std::string_view version = {}) {
  const std::size_t before = out.written();
  if (!version.empty()) out.bytes(protos::ChaincodeID::kVersionFieldNumber, version);
  out.bytes(protos::ChaincodeID::kNameFieldNumber, chaincode_name);
  out.close_message(field, before);
}

// Writes a protos.ChaincodeInput.
void write_input(BackWriter& out, const ccbus::Invocation& invocation) {
  using Input = protos::ChaincodeInput;
  out.varint(Input::kIsInitFieldNumber, invocation.is_init() ? 1 : 0);
  for (int i = invocation.args_size() - 1; i >= 0; --i) {
    out.element(Input::kArgsFieldNumber, invocation.args(i));
  }
}

// Writes a protos.ChaincodeInvocationSpec.
void write_spec(BackWriter& out, const Proposal& proposal) {
  using Spec = protos::ChaincodeSpec;
  const std::size_t before = out.written();
  out.element(Spec::kInputFieldNumber, proposal.chaincode_input);
  write_name(out, Spec::kChaincodeIdFieldNumber, proposal.chaincode_name);
  out.close_message(protos::ChaincodeInvocationSpec::kChaincodeSpecFieldNumber, before);
}

void write_transient(BackWriter& out, const ccbus::Invocation& invocation) {
  constexpr int kKey = 1;  // The fields of a map's entry.
  constexpr int kValue = 2;
  for (const auto& [key, value] : invocation.transient()) {
    const std::size_t before = out.written();
    out.element(kValue, value);
    out.element(kKey, key);
    out.close_message(protos::ChaincodeProposalPayload::kTransientMapFieldNumber, before);
  }
}

void write_timestamp(BackWriter& out, int field, WallTime now) {
  using std::chrono::nanoseconds;
  using Timestamp = google::protobuf::Timestamp;
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t ns = std::chrono::duration_cast<nanoseconds>(now.time_since_epoch()).count();
  const std::size_t before = out.written();
  out.varint(Timestamp::kNanosFieldNumber, static_cast<std::uint64_t>(ns % kSecond));
  out.varint(Timestamp::kSecondsFieldNumber, static_cast<std::uint64_t>(ns / kSecond));
  out.close_message(field, before);
}

void write_channel_header(BackWriter& out, const Proposal& proposal, WallTime now) {
  using Header = common::ChannelHeader;
  const std::size_t before = out.written();
  write_name(out, protos::ChaincodeHeaderExtension::kChaincodeIdFieldNumber,
             proposal.chaincode_name);
  out.close_bytes(Header::kExtensionFieldNumber, before);
  out.bytes(Header::kTxIdFieldNumber, proposal.key.tx.value);
  out.bytes(Header::kChannelIdFieldNumber, proposal.key.channel.value);
  write_timestamp(out, Header::kTimestampFieldNumber, now);
  out.varint(Header::kTypeFieldNumber, common::ENDORSER_TRANSACTION);
}

// Writes the result of the simulation as a protos.ChaincodeAction.
void write_action(BackWriter& out, const Proposal& proposal, const EndorsedResults& endorsed) {
  using Action = protos::ChaincodeAction;
  write_name(out, Action::kChaincodeIdFieldNumber, proposal.chaincode_name,
             endorsed.chaincode_version);
  out.message(Action::kResponseFieldNumber, endorsed.response);
  if (endorsed.event) out.encoded(Action::kEventsFieldNumber, *endorsed.event);
  out.encoded(Action::kResultsFieldNumber, endorsed.results);
}

std::size_t input_bytes_max(const ccbus::Invocation& invocation) {
  std::size_t bytes = BackWriter::kFieldBytesMax;
  for (const std::string& arg : invocation.args()) bytes += arg.size() + BackWriter::kFieldBytesMax;
  return bytes;
}

std::size_t transient_bytes_max(const ccbus::Invocation& invocation) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : invocation.transient()) {
    bytes += key.size() + value.size() + 3 * BackWriter::kFieldBytesMax;
  }
  return bytes;
}

std::size_t header_bytes_max(const Proposal& proposal, std::string_view creator) {
  return kLayersBytesMax + kNonceBytesMax + creator.size() + proposal.key.tx.value.size() +
         proposal.key.channel.value.size() + 2 * proposal.chaincode_name.size();
}

std::size_t envelope_bytes_max(const Proposal& proposal, const EndorsedResults& endorsed) {
  return kLayersBytesMax + proposal.channel_header().size() +
         2 * proposal.signature_header().size() + proposal.payload().size() +
         proposal.chaincode_name.size() + endorsed.chaincode_version.size() +
         endorsed.results.ByteSizeLong() + endorsed.response.ByteSizeLong() +
         (endorsed.event ? endorsed.event->ByteSizeLong() : 0);
}

}  // namespace

void random_bytes(std::span<std::byte> buffer) {
  const int filled =
      RAND_bytes(reinterpret_cast<unsigned char*>(buffer.data()), static_cast<int>(buffer.size()));
  CCBUS_ASSERT(filled == 1);
}

ProposalBuilder::ProposalBuilder(const security::SigningIdentity& identity, RandomSource random,
                                 Signatures signatures)
    : identity_(identity), random_(std::move(random)), signatures_(signatures) {}

Proposal ProposalBuilder::build(const ccbus::Invocation& invocation, WallTime now,
                                std::shared_ptr<const security::SigningIdentity> identity) const {
  std::string nonce = invocation.nonce();
  if (nonce.empty()) {
    nonce.resize(kNonceBytes);
    random_({reinterpret_cast<std::byte*>(nonce.data()), nonce.size()});
  }
  const std::string& creator = identity->serialized();

  Proposal proposal;
  proposal.creator_msp_id = identity->msp_id();
  proposal.is_init = invocation.is_init();
  proposal.has_chosen_nonce = !invocation.nonce().empty();
  proposal.key.channel.value = invocation.channel_id();
  proposal.key.tx.value = to_hex(sha256({nonce, creator}));
  proposal.chaincode_name = invocation.chaincode_name();
  proposal.has_transient = !invocation.transient().empty();
  BackWriter input(input_bytes_max(invocation));
  write_input(input, invocation);
  proposal.chaincode_input = std::move(input).take();

  BackWriter out(proposal.chaincode_input.size() + transient_bytes_max(invocation) +
                 header_bytes_max(proposal, creator));
  write_transient(out, invocation);
  const std::size_t transient = out.written();
  write_spec(out, proposal);
  out.close_bytes(protos::ChaincodeProposalPayload::kInputFieldNumber, transient);
  const std::size_t payload = out.written();
  out.close_bytes(protos::Proposal::kPayloadFieldNumber, 0);

  const std::size_t header = out.written();
  out.bytes(common::SignatureHeader::kNonceFieldNumber, nonce);
  out.bytes(common::SignatureHeader::kCreatorFieldNumber, creator);
  const std::size_t signature_header = out.written();
  out.close_bytes(common::Header::kSignatureHeaderFieldNumber, header);
  const std::size_t before_channel = out.written();
  write_channel_header(out, proposal, now);
  const std::size_t channel_header = out.written();
  out.close_bytes(common::Header::kChannelHeaderFieldNumber, before_channel);
  out.close_bytes(protos::Proposal::kHeaderFieldNumber, header);

  // What was written first stands last.
  const std::string_view whole = out.view();
  proposal.kept_ = whole.substr(0, whole.size() - transient);
  proposal.channel_header_ = {whole.size() - channel_header, channel_header - before_channel};
  proposal.signature_header_ = {whole.size() - signature_header, signature_header - header};
  proposal.payload_ = {whole.size() - payload, payload - transient};
  proposal.creator = std::move(identity);
  proposal.signed_proposal.set_proposal_bytes(std::move(out).take());
  return proposal;
}

Proposal signed_by_client(Proposal begun, const common::Header& header, std::string_view payload,
                          const protos::SignedProposal& signed_proposal) {
  const std::size_t channel = header.channel_header().size();
  const std::size_t signature = header.signature_header().size();
  begun.kept_ = header.channel_header() + header.signature_header();
  begun.kept_.append(payload);
  begun.channel_header_ = {0, channel};
  begun.signature_header_ = {channel, signature};
  begun.payload_ = {channel + signature, payload.size()};
  begun.signed_proposal = signed_proposal;
  return begun;
}

Result<void> sign(protos::SignedProposal& proposal, const security::SigningIdentity& creator) {
  auto signature = creator.sign(proposal.proposal_bytes());
  if (!signature) return unexpected(signature.error());
  proposal.set_signature(std::move(*signature));
  return {};
}

std::string transaction_envelope(const Proposal& proposal, const EndorsedResults& endorsed) {
  BackWriter out(envelope_bytes_max(proposal, endorsed));
  write_action(out, proposal, endorsed);
  out.close_bytes(protos::ProposalResponsePayload::kExtensionFieldNumber, 0);
  out.bytes(protos::ProposalResponsePayload::kProposalHashFieldNumber,
            sha256({proposal.channel_header(), proposal.signature_header(), proposal.payload()}));
  out.close_bytes(protos::ChaincodeEndorsedAction::kProposalResponsePayloadFieldNumber, 0);
  out.close_message(protos::ChaincodeActionPayload::kActionFieldNumber, 0);
  out.bytes(protos::ChaincodeActionPayload::kChaincodeProposalPayloadFieldNumber,
            proposal.payload());
  out.close_bytes(protos::TransactionAction::kPayloadFieldNumber, 0);
  out.bytes(protos::TransactionAction::kHeaderFieldNumber, proposal.signature_header());
  out.close_message(protos::Transaction::kActionsFieldNumber, 0);
  out.close_bytes(common::Payload::kDataFieldNumber, 0);

  const std::size_t before_header = out.written();
  out.bytes(common::Header::kSignatureHeaderFieldNumber, proposal.signature_header());
  out.bytes(common::Header::kChannelHeaderFieldNumber, proposal.channel_header());
  out.close_message(common::Payload::kHeaderFieldNumber, before_header);
  out.close_bytes(common::Envelope::kPayloadFieldNumber, 0);
  return std::move(out).take();
}

}  // namespace ccbus::gateway
