#include "service/gateway/transactions/signed_proposal.h"

#include <utility>

#include "fabric/common/common.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "service/base/hex.h"
#include "service/base/parse_message.h"
#include "service/base/sha256.h"
#include "service/gateway/access/signed_data.h"
#include "service/gateway/access/time_window.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/channel_update.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::gateway {
namespace {

unexpected<Error> invalid(std::string why) {
  return fail(ErrorCode::kInvalid, std::move(why));
}
unexpected<Error> unsound(const std::string& why) {
  return invalid("error validating proposal: " + why);
}

// The parts of a proposal, each decoded.
struct Layers {
  protos::Proposal proposal;
  common::Header header;
  common::ChannelHeader channel;
  common::SignatureHeader signature;
  protos::ChaincodeHeaderExtension extension;
  protos::ChaincodeProposalPayload payload;
  protos::ChaincodeInvocationSpec invocation;
};

Result<Layers> decode(const protos::SignedProposal& signed_proposal) {
  Layers layers;
  const bool is_readable = parse(layers.proposal, signed_proposal.proposal_bytes()) &&
                           parse(layers.header, layers.proposal.header()) &&
                           parse(layers.channel, layers.header.channel_header()) &&
                           parse(layers.signature, layers.header.signature_header()) &&
                           parse(layers.extension, layers.channel.extension()) &&
                           parse(layers.payload, layers.proposal.payload()) &&
                           parse(layers.invocation, layers.payload.input());
  if (!is_readable) return invalid("the proposal cannot be decoded");
  return layers;
}

Result<void> check_content(const Layers& layers) {
  if (!layers.extension.has_chaincode_id()) {
    return invalid("ChaincodeHeaderExtension.ChaincodeId is nil");
  }
  if (layers.extension.chaincode_id().name().empty()) {
    return invalid("ChaincodeHeaderExtension.ChaincodeId.Name is empty");
  }
  if (!layers.invocation.has_chaincode_spec()) {
    return invalid("chaincode invocation spec did not contain chaincode spec");
  }
  if (!layers.invocation.chaincode_spec().has_input()) {
    return invalid("chaincode input did not contain any input");
  }
  return {};
}

Result<void> check_headers(const protos::SignedProposal& signed_proposal, const Layers& layers,
                           WallTime now) {
  const int type = layers.channel.type();
  if (type != common::ENDORSER_TRANSACTION && type != common::CONFIG) {  // As Fabric has it.
    return unsound("invalid header type " +
                   common::HeaderType_Name(static_cast<common::HeaderType>(layers.channel.type())));
  }
  if (layers.channel.epoch() != 0) return unsound("epoch is non-zero");
  if (layers.signature.nonce().empty()) return unsound("nonce is empty");
  if (layers.signature.creator().empty()) return unsound("creator is empty");
  const std::string expected =
      to_hex(sha256({layers.signature.nonce(), layers.signature.creator()}));
  if (layers.channel.tx_id() != expected) {
    return unsound("incorrectly computed txid '" + layers.channel.tx_id() + "' -- expected '" +
                   expected + "'");
  }
  if (signed_proposal.signature().empty()) return unsound("empty signature bytes");
  if (is_in_time_window(layers.channel.timestamp(), now)) return {};
  return unsound("the proposal's timestamp is more than " + std::to_string(kTimeWindow.count()) +
                 " minutes from the service's time");
}

unexpected<Error> denied(const Proposal& proposal, const std::string& org) {
  return fail(ErrorCode::kDenied, "error validating proposal: access denied: channel [" +
                                      proposal.key.channel.value + "] creator org " + org);
}

}  // namespace

Result<Proposal> read_signed_proposal(const protos::SignedProposal& signed_proposal, WallTime now) {
  if (signed_proposal.proposal_bytes().empty()) return unsound("empty proposal bytes");
  auto layers = decode(signed_proposal);
  if (!layers) return unexpected(layers.error());
  if (auto sound = check_content(*layers); !sound) return unexpected(sound.error());
  if (auto sound = check_headers(signed_proposal, *layers, now); !sound) {
    return unexpected(sound.error());
  }
  const protos::ChaincodeInput& input = layers->invocation.chaincode_spec().input();
  Proposal parts;
  parts.key = {{layers->channel.channel_id()}, {layers->channel.tx_id()}};
  parts.chaincode_name = layers->extension.chaincode_id().name();
  parts.chaincode_input = input.SerializeAsString();
  parts.is_init = input.is_init();
  parts.has_transient = !layers->payload.transientmap().empty();
  layers->payload.clear_transientmap();
  msp::SerializedIdentity creator;
  if (!parse(creator, layers->signature.creator())) {
    return unsound("access denied: channel [" + layers->channel.channel_id() +
                   "] creator org unknown, creator is malformed");
  }
  parts.creator_msp_id = creator.mspid();
  return signed_by_client(std::move(parts), layers->header, layers->payload.SerializeAsString(),
                          signed_proposal);
}

Result<void> check_signer(const Proposal& proposal, const ledger::ChannelTrust& trust,
                          WallTime now) {
  common::SignatureHeader header;
  if (!parse(header, proposal.signature_header())) return denied(proposal, "unknown");
  const protos::SignedProposal& given = proposal.signed_proposal;
  if (!is_signed_by_member({given.proposal_bytes(), header.creator(), given.signature()}, trust,
                           now)) {
    return denied(proposal, "[" + proposal.creator_msp_id + "]");
  }
  return {};
}

Result<void> check_creator(const Proposal& proposal, const ledger::ChannelTrust& trust,
                           WallTime now) {
  if (auto known = check_signer(proposal, trust, now); !known) return known;
  common::SignatureHeader header;
  if (!parse(header, proposal.signature_header())) return denied(proposal, "unknown");
  const auto decision = trust.policies().evaluate_at(ledger::kWritersPolicyPath, {header.creator()},
                                                     trust.identities());
  if (decision.is_satisfied) return {};
  return fail(ErrorCode::kDenied, "failed evaluating policy on signed data during check policy [" +
                                      std::string(ledger::kWritersPolicyPath) + "]: [" +
                                      decision.reason + "]");
}

namespace {

// What both kinds of proposal have to fulfil; `check` is asked about the creator.
template <class Check>
Result<Proposal> accept(const protos::SignedProposal& signed_proposal,
                        const ledger::ChannelLedger* ledger, WallTime now, Check check) {
  auto proposal = read_signed_proposal(signed_proposal, now);
  if (!proposal) return unexpected(proposal.error());
  const std::string& channel = proposal->key.channel.value;
  if (ledger == nullptr) return fail(ErrorCode::kNotFound, "channel '" + channel + "' not found");
  const auto trust = ledger->trust();
  if (trust == nullptr) {
    return fail(ErrorCode::kPrecondition,
                "channel " + channel + " has no configuration that says whose signatures count");
  }
  if (auto known = check(*proposal, *trust, now); !known) return unexpected(known.error());
  auto is_there = ledger->has_transaction(proposal->key.tx);
  if (!is_there) return unexpected(is_there.error());
  if (*is_there) return unexpected(duplicate_transaction(*proposal));
  return proposal;
}

}  // namespace

Result<Proposal> accept_signed_query(const protos::SignedProposal& signed_proposal,
                                     const ledger::ChannelLedger* ledger, WallTime now) {
  return accept(signed_proposal, ledger, now, check_signer);
}

Result<AcceptedProposal> accept_signed_proposal(const protos::SignedProposal& signed_proposal,
                                                const ledger::ChannelLedger* ledger, WallTime now) {
  auto proposal = accept(signed_proposal, ledger, now, check_creator);
  if (!proposal) return unexpected(proposal.error());
  AcceptedProposal accepted{std::move(*proposal), std::nullopt, {}};
  common::SignatureHeader header;
  if (parse(header, accepted.proposal.signature_header())) {
    const auto trust = ledger->trust();  // A channel keeps having a configuration.
    accepted.creator = trust->identities().identifier_of(header.creator()).value_or("");
  }
  if (!changes_channel(accepted.proposal)) return accepted;
  auto config = read_channel_update(accepted.proposal);
  if (!config) return unexpected(config.error());
  accepted.config = std::move(*config);
  return accepted;
}

ccbus::Status proposal_refusal(const Error& error, const std::string& channel) {
  switch (error.code) {
    case ErrorCode::kNotFound: return channel_not_found(channel);
    case ErrorCode::kInvalid:
    case ErrorCode::kDenied:
    case ErrorCode::kExists: return make_status(ccbus::FAILED_PRECONDITION, error.message);
    default: return make_status(error);
  }
}

Error duplicate_transaction(const Proposal& proposal) {
  common::SignatureHeader header;
  static_cast<void>(parse(header, proposal.signature_header()));
  return {ErrorCode::kExists, "duplicate transaction found [" + proposal.key.tx.value +
                                  "]. Creator [" + to_hex(header.creator()) + "]"};
}

}  // namespace ccbus::gateway
