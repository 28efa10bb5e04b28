#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "fabric/ledger/rwset.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/version.h"
#include "service/ledger/commit/state_snapshot.h"

namespace ccbus::ledger {

// Decides about a collection of a namespace before anything of it is read.
using CollectionFilter =
    std::function<Result<bool>(const std::string& ns, const std::string& collection)>;

// The private data that a valid transaction has written, of the collections that `wanted` lets
// through. `envelope` is the transaction, `version` its place. What did not come with it, has
// expired or was purged is left out, and so are collections and namespaces of which nothing is
// left. Keys are in the order of the block.
//
// Thread: any.
// Blocks: on the disk, one read for each private key.
// Errors: kIo, kCorrupt, those of `wanted`.
[[nodiscard]] Result<rwset::TxPvtReadWriteSet> private_writes_of(const StateSnapshot& snapshot,
                                                                 std::string_view envelope,
                                                                 const Version& version,
                                                                 const CollectionFilter& wanted);

}  // namespace ccbus::ledger
