#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fabric/peer/transaction.pb.h"
#include "service/ledger/policy/identities.h"

namespace ccbus::ledger {

// What the signatures of one transaction show.
struct SignatureCheck {
  // The creator is a valid identity of the channel, and has signed the envelope's payload.
  bool has_creator_signed = false;

  // The endorsers whose signatures hold, in the order of the transaction. Each identity is there
  // once, however it is encoded; whether it is valid is asked by the policies.
  std::vector<std::string> signers;
};

// More endorsements than these are as good as none: each costs a verification.
inline constexpr int kEndorsementsMax = 1'000;

// Checks the signatures of one envelope, any bytes. Of an envelope that cannot be read nobody has
// signed. Pure: the result depends on the envelope and the channel's configuration alone, so that
// the transactions of a block can be checked in any order and at once.
//
// An endorser signs the proposal response's payload followed by its own identity. Of several
// endorsements by one identity the first with a good signature counts.
//
// Thread: any.
// Source: Fabric's core/common/validation (creator), core/common/validation/statebased and
//         common/policies (endorsers).
[[nodiscard]] SignatureCheck check_signatures(std::string_view envelope,
                                              const Identities& identities);

// The code of a transaction after its outer part has the code `of_frame` (read_frame()):
// BAD_CREATOR_SIGNATURE comes after the headers' codes and before those of the transaction id and
// of the action.
[[nodiscard]] protos::TxValidationCode with_creator_signature(protos::TxValidationCode of_frame,
                                                              const SignatureCheck& signatures);

}  // namespace ccbus::ledger
