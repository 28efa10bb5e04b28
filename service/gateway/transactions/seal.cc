#include "service/gateway/transactions/seal.h"

#include <utility>

#include "fabric/common/common.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/assert.h"
#include "service/base/parse_message.h"

namespace ccbus::gateway {
namespace {

Result<std::string> sign(const security::SigningIdentity& signer, std::string_view bytes,
                         const security::MspManager& msps) {
  auto signature = signer.sign(bytes);
  if (signature) msps.add_own_signature(signer.serialized(), bytes, *signature);
  return signature;
}

Result<void> endorse(protos::ChaincodeEndorsedAction& action,
                     std::span<const ServiceIdentities::Identity> endorsers,
                     const security::MspManager& msps) {
  for (const ServiceIdentities::Identity& endorser : endorsers) {
    auto signature =
        sign(*endorser, action.proposal_response_payload() + endorser->serialized(), msps);
    if (!signature) return unexpected(signature.error());
    protos::Endorsement& endorsement = *action.add_endorsements();
    endorsement.set_endorser(endorser->serialized());
    endorsement.set_signature(std::move(*signature));
  }
  return {};
}

}  // namespace

Result<std::string> seal(std::string_view envelope,
                         std::span<const ServiceIdentities::Identity> endorsers,
                         const security::SigningIdentity* creator,
                         const security::MspManager& msps) {
  common::Envelope sealed;
  common::Payload payload;
  protos::Transaction transaction;
  protos::ChaincodeActionPayload action;
  const bool is_ours = parse(sealed, envelope) && parse(payload, sealed.payload()) &&
                       parse(transaction, payload.data()) && transaction.actions_size() == 1 &&
                       parse(action, transaction.actions(0).payload());
  CCBUS_ASSERT(is_ours);
  if (auto endorsed = endorse(*action.mutable_action(), endorsers, msps); !endorsed) {
    return unexpected(endorsed.error());
  }
  transaction.mutable_actions(0)->set_payload(action.SerializeAsString());
  payload.set_data(transaction.SerializeAsString());
  sealed.set_payload(payload.SerializeAsString());
  if (creator == nullptr) return sealed.SerializeAsString();
  auto signature = sign(*creator, sealed.payload(), msps);
  if (!signature) return unexpected(signature.error());
  sealed.set_signature(std::move(*signature));
  return sealed.SerializeAsString();
}

}  // namespace ccbus::gateway
