#pragma once

#include <string>

#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/gateway/transactions/endorsement.h"
#include "service/ledger/policy/channel_trust.h"

namespace ccbus::gateway {

// Checks what has to hold before a transaction that a client has signed may take a place in a
// block: its creator is a valid member of the channel and has signed it. The policies judge the
// rest when its block is validated. `kept` is what was endorsed here, without its envelope, or why
// there is nothing; then an organisation of the channel has to have endorsed the transaction, it
// must not have private data, which only who has endorsed it has, and a change of the channel needs
// its administrators.
//
// Thread: any. It verifies the signature of the creator and those of the endorsers; the committer
//         then finds them verified (MspManager::verify).
// Errors: kInvalid; kPrecondition administrators are missing; the one of `kept`.
[[nodiscard]] Result<Endorsement> take_signed(std::string envelope, const ChannelId& channel,
                                              const ledger::ChannelTrust& trust,
                                              Result<Endorsement> kept);

}  // namespace ccbus::gateway
