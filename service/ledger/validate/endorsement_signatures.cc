#include "service/ledger/validate/endorsement_signatures.h"

#include <set>
#include <utility>

#include "service/ledger/block/envelope_layers.h"

namespace ccbus::ledger {
namespace {

std::vector<std::string> signers_of(const EnvelopeLayers::ActionPayload& action,
                                    const Identities& identities) {
  std::vector<std::string> signers;
  if (action.endorsements.size() > kEndorsementsMax) return signers;
  std::set<std::string> known;
  for (const EnvelopeLayers::Endorsement& endorsement : action.endorsements) {
    auto identifier = identities.identifier_of(endorsement.endorser);
    if (!identifier || known.contains(*identifier)) continue;
    const std::string message =
        std::string(action.proposal_response_payload).append(endorsement.endorser);
    if (!identities.has_signed(endorsement.endorser, message, endorsement.signature)) continue;
    known.insert(std::move(*identifier));
    signers.emplace_back(endorsement.endorser);
  }
  return signers;
}

}  // namespace

SignatureCheck check_signatures(std::string_view envelope, const Identities& identities) {
  SignatureCheck check;
  EnvelopeLayers layers;
  const auto outer = layers.envelope(envelope);
  if (!outer) return check;
  const auto payload = layers.payload(outer->payload);
  if (!payload) return check;
  const auto header = layers.signature_header(payload->signature_header);
  if (!header) return check;
  check.has_creator_signed =
      identities.is_valid(header->creator) &&
      identities.has_signed(header->creator, outer->payload, outer->signature);
  const auto transaction = layers.transaction(payload->data);
  if (!transaction || transaction->actions != 1) return check;
  const auto action = layers.action_payload(transaction->action_payload);
  if (action) check.signers = signers_of(*action, identities);
  return check;
}

protos::TxValidationCode with_creator_signature(protos::TxValidationCode of_frame,
                                                const SignatureCheck& signatures) {
  switch (of_frame) {
    case protos::VALID:
    case protos::BAD_PROPOSAL_TXID:
    case protos::INVALID_ENDORSER_TRANSACTION:
    case protos::BAD_RESPONSE_PAYLOAD:
      return signatures.has_creator_signed ? of_frame : protos::BAD_CREATOR_SIGNATURE;
    default: return of_frame;
  }
}

}  // namespace ccbus::ledger
