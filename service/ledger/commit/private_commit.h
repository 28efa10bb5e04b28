#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/block/private_data.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/commit/private_rows.h"
#include "service/ledger/state/state_view.h"
#include "service/ledger/state/store.h"
#include "service/ledger/validate/block_updates.h"

namespace ccbus::ledger {

// What the valid transactions of one block change in private data: values in the state, a row for
// each private write (supplied or missing), what expires later and what expires with this block.
//
// Thread:   the committer.
// Blocks:   on reads of the store.
// Lifetime: one commit. What the constructor takes must outlive it.
class PrivateCommit {
 public:
  // `updates` has the writes of all of the block's valid transactions, but no private values yet.
  PrivateCommit(const Store& store, std::uint64_t block_num, const StateView& committed,
                BlockUpdates& updates);

  // For each valid transaction, in the order of the block. `private_data` is what the orderer
  // brought with it; what the transaction wrote and did not come is recorded as missing.
  // Returns why some of `private_data` does not count (match_private_data), or an empty text.
  // Errors: kIo, kCorrupt.
  [[nodiscard]] Result<std::string> add(std::uint64_t tx_num, const TxRwset& rwset,
                                        std::string_view private_data);

  // After the last of them: once. The rows go into `batch`, the values into the updates.
  // Errors: kIo, kCorrupt.
  [[nodiscard]] Result<void> finish(rocksdb::WriteBatch& batch);

 private:
  [[nodiscard]] Result<void> add_collection(const std::string& ns,
                                            const HashedCollection& collection,
                                            const SuppliedCollection* supplied,
                                            const Version& version);
  void write(const PrivateKey& key, const kvrwset::KVWrite& write, const Version& version);
  [[nodiscard]] Result<void> note_missing(const PrivateKey& key, const Version& version);
  [[nodiscard]] Result<void> purge(const PrivateKey& key);
  [[nodiscard]] Result<void> take_over_metadata(const PrivateKey& key);
  [[nodiscard]] Result<void> expire_due(rocksdb::WriteBatch& batch);
  [[nodiscard]] Result<void> expire(const Expiry& expiry, rocksdb::WriteBatch& batch);
  [[nodiscard]] Result<void> expire_entry(const std::string& ns, const std::string& key,
                                          const Version& version);
  [[nodiscard]] Result<std::optional<std::string>> raw_key(const PrivateKey& key) const;
  [[nodiscard]] Result<std::uint64_t> block_to_live(const std::string& ns,
                                                    const std::string& collection);

  const Store& store_;
  const std::uint64_t block_num_;
  const StateView& committed_;
  BlockUpdates& updates_;

  std::map<std::string, PrivateWriteRow, std::less<>> rows_;  // Of this block.
  std::set<std::string> purged_;                              // Rows of earlier blocks.
  std::vector<PrivateKey> new_metadata_;
  std::set<std::string> expiry_rows_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> blocks_to_live_;
};

}  // namespace ccbus::ledger
