#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/rwset.h"

namespace ccbus::ledger {

// The private writes of one collection, which are those that the block has hashes of.
struct SuppliedCollection {
  std::string ns;
  std::string name;
  kvrwset::KVRWSet writes;
};

// Takes an encoded rwset.TxPvtReadWriteSet apart; empty is one that supplies nothing. Collections
// may be missing. Pure. Errors: kInvalid where the bytes are none, or supply what `rwset` has no
// hash or another hash of.
[[nodiscard]] Result<std::vector<SuppliedCollection>> match_private_data(
    const TxRwset& rwset, std::string_view private_data);

}  // namespace ccbus::ledger
