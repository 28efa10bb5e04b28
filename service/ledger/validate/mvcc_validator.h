#pragma once

#include <optional>
#include <string>

#include "fabric/peer/transaction.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/block/version.h"
#include "service/ledger/state/state_view.h"
#include "service/ledger/validate/block_updates.h"

namespace ccbus::ledger {

// The first read of a transaction that no longer holds. For a range, `key` is the first one that
// differs; if only a summary of the range was recorded, it is the start of the range, without
// versions. For private data `ns` is that of the hashes and `key` is the hash in hexadecimal
// digits.
struct ReadConflict {
  std::string ns;
  std::string key;
  std::optional<Version> read;       // nullopt: the key did not exist.
  std::optional<Version> committed;  // Now, earlier transactions of the block included.
};

struct Verdict {
  protos::TxValidationCode code = protos::VALID;
  std::optional<ReadConflict> conflict;
};

// Whether all that a transaction read still holds, namespace by namespace: reads, ranges, hashed
// reads. `committed` is the state below the block and `earlier` what the block's valid transactions
// before this one wrote. Pure: no clock, no logging, and no I/O except the view's. Every replica
// gets the same verdict.
//
// Errors: those of the view.
[[nodiscard]] Result<Verdict> validate_reads(const TxRwset& rwset, const StateView& committed,
                                             const BlockUpdates& earlier);

}  // namespace ccbus::ledger
