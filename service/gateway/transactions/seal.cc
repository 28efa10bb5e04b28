#include "service/gateway/transactions/seal.h"

#include <utility>

#include "fabric/common/common.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/assert.h"
#include "service/base/parse_message.h"

namespace ccbus::gateway {
namespace {

Result<void> endorse(protos::ChaincodeEndorsedAction& action,
                     std::span<const ServiceIdentities::Identity> endorsers) {
  for (const ServiceIdentities::Identity& endorser : endorsers) {
    auto signature = endorser->sign(action.proposal_response_payload() + endorser->serialized());
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
                         const security::SigningIdentity* creator) {
  common::Envelope sealed;
  common::Payload payload;
  protos::Transaction transaction;
  protos::ChaincodeActionPayload action;
  const bool is_ours = parse(sealed, envelope) && parse(payload, sealed.payload()) &&
                       parse(transaction, payload.data()) && transaction.actions_size() == 1 &&
                       parse(action, transaction.actions(0).payload());
  CCBUS_ASSERT(is_ours);
  if (auto endorsed = endorse(*action.mutable_action(), endorsers); !endorsed) {
    return unexpected(endorsed.error());
  }
  transaction.mutable_actions(0)->set_payload(action.SerializeAsString());
  payload.set_data(transaction.SerializeAsString());
  sealed.set_payload(payload.SerializeAsString());
  if (creator == nullptr) return sealed.SerializeAsString();
  auto signature = creator->sign(sealed.payload());
  if (!signature) return unexpected(signature.error());
  sealed.set_signature(std::move(*signature));
  return sealed.SerializeAsString();
}

}  // namespace ccbus::gateway
