#pragma once

#include "service/base/result.h"
#include "service/ledger/commit/state_snapshot.h"
#include "service/ledger/upkeep/verification.h"

namespace ccbus::ledger {

// Compares `live` with what was `rebuilt` from its blocks, entry by entry in the order of the keys,
// and live private values with the rebuilt hashes. Both have the same height.
//
// Blocks: on disk reads.
// Errors: kDeadline once cancelled; kIo. Damage in `live` is a difference, not an error.
[[nodiscard]] Result<void> compare_snapshots(const StateSnapshot& live,
                                             const StateSnapshot& rebuilt,
                                             VerificationProgress& progress, Verification& found);

}  // namespace ccbus::ledger
