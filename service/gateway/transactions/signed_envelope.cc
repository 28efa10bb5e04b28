#include "service/gateway/transactions/signed_envelope.h"

#include <utility>

#include "service/ledger/block/endorser_transaction.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/validate/endorsement_signatures.h"

namespace ccbus::gateway {

Result<Endorsement> take_signed(std::string envelope, const ChannelId& channel,
                                const ledger::ChannelTrust& trust, Result<Endorsement> kept) {
  const ledger::TransactionFrame frame = ledger::read_frame(envelope, channel);
  const auto signatures = ledger::check_signatures(envelope, trust.identities());
  const auto code = ledger::with_creator_signature(frame.code, signatures);
  if (code != protos::VALID) {
    return fail(ErrorCode::kInvalid,
                "the prepared transaction is not one that a member of channel " + channel.value +
                    " has signed: " + protos::TxValidationCode_Name(code));
  }
  if (kept) {
    kept->envelope = std::move(envelope);
    return kept;
  }
  if (signatures.signers.empty()) {
    return fail(ErrorCode::kInvalid, "no organisation of the channel has endorsed it");
  }
  for (const ledger::NamespaceRwset& set : ledger::read_body(frame).rwset) {
    // Only who has endorsed it has its private data.
    if (!set.collections.empty()) return kept;
    if (set.ns != ledger::kChannelNamespace) continue;
    // Said now, since further administrators may sign it as long as it is in no block.
    const auto decision = trust.policies().evaluate_at(ledger::kAdminsPolicyPath,
                                                       signatures.signers, trust.identities());
    if (!decision.is_satisfied) {
      return fail(ErrorCode::kPrecondition,
                  "the change of channel " + channel.value +
                      " lacks signatures of administrators: " + decision.reason);
    }
  }
  Endorsement taken;
  taken.key = {channel, frame.tx_id};
  if (const auto action = ledger::read_chaincode_action(frame)) taken.response = action->response();
  taken.envelope = std::move(envelope);  // Last: `frame` points into it.
  return taken;
}

}  // namespace ccbus::gateway
