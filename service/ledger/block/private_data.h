#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/ledger/block/rwset.h"

namespace ccbus::ledger {

// The private writes of one collection. Their hash is the one in the block.
struct SuppliedCollection {
  std::string ns;
  std::string name;
  kvrwset::KVRWSet writes;
};

// What came with one transaction.
struct SuppliedPrivateData {
  std::vector<SuppliedCollection> collections;  // Each one at most once.
  std::string fault;  // What else came and why it does not count, the first of it; else empty.
};

// Takes an encoded rwset.TxPvtReadWriteSet apart; no bytes supply nothing. A collection counts only
// if `rwset` has the hash of its writes. Bytes that cannot be decoded, collections with another
// hash, collections that the transaction did not write, and repetitions are left out, as if they
// had not come. Pure.
[[nodiscard]] SuppliedPrivateData match_private_data(const TxRwset& rwset,
                                                     std::string_view private_data);

}  // namespace ccbus::ledger
