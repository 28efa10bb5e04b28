#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "service/base/ids.h"
#include "service/base/mutex.h"
#include "service/base/ordered_batch.h"
#include "service/base/result.h"
#include "service/ledger/commit/block_committed.h"
#include "service/ledger/commit/transaction_record.h"
#include "service/ledger/query/index_maintenance.h"
#include "service/ledger/state/state_view.h"
#include "service/ledger/state/storage_metrics.h"

namespace rocksdb {
class Env;
}

namespace ccbus::ledger {

class StateSnapshot;
class Store;

// One channel: its blocks, the state that they make, and its transactions' outcomes.
//
// Thread:   commit() on one thread, the channel's committer; everything else on any.
// Lifetime: views may outlive the ledger; the database closes with the last of them.
// Errors:   kIo the disk refused; kCorrupt stored bytes are not what was written.
class ChannelLedger {
 public:
  struct Options {
    std::optional<std::filesystem::path> directory;  // Made if missing. Nothing: in memory.
    std::size_t block_cache_bytes = 64u << 20;
    bool history = true;          // Keep what every key was. Off: history() of views is refused.
    bool durable = true;          // Off: nothing is logged or synced; for a ledger to throw away.
    rocksdb::Env* env = nullptr;  // Null: the system's. Not owned; must outlive ledger and views.
  };

  // Opens a channel or makes a new one, of height 0. The end of the chain is checked: height, last
  // block, its hashes and the link to the block before.
  //
  // Blocks:  on the replay of what the last run had not flushed.
  // Errors:  kCorrupt with the block and what differs; kInvalid where the directory holds another
  //          channel; kIo where it cannot be opened, also because another process has it.
  [[nodiscard]] static Result<std::unique_ptr<ChannelLedger>> open(ChannelId channel,
                                                                   Options options);
  ~ChannelLedger();
  ChannelLedger(const ChannelLedger&) = delete;
  ChannelLedger& operator=(const ChannelLedger&) = delete;

  [[nodiscard]] const ChannelId& channel() const { return channel_; }

  // The state after the last block. Costs one lock that is never held during work.
  [[nodiscard]] std::shared_ptr<const StateView> snapshot() const;

  // The same, with everything else that the ledger held then.
  [[nodiscard]] std::shared_ptr<const StateSnapshot> whole_snapshot() const;

  // A copy of the whole database that can be opened, as Store::copy_to() makes it. Any thread.
  [[nodiscard]] Result<void> copy_to(const std::filesystem::path& directory) const;

  // The number of blocks.
  [[nodiscard]] std::uint64_t height() const;

  // The hash of the last block's header, 32 bytes; empty at height 0.
  [[nodiscard]] std::string last_block_hash() const;

  // The position of the log's last entry that was applied. A log that feeds this ledger goes on
  // behind it.
  [[nodiscard]] LogPosition position() const;

  // What the database says of itself. Any thread; asks no disk.
  [[nodiscard]] StorageMetrics storage_metrics() const;

  // Whether a block has a transaction with this id, valid or not.
  [[nodiscard]] Result<bool> has_transaction(const TxId& tx_id) const;
  // The first transaction with this id, valid or not; a block may have more of them. Up to 6c2d166
  // the last one of the first block that has the id was recorded. Returns nullopt if there is none.
  [[nodiscard]] Result<std::optional<TransactionRecord>> transaction(const TxId& tx_id) const;

  // Nothing at or above height().
  [[nodiscard]] Result<std::optional<common::Block>> block(std::uint64_t number) const;

  // Validates a batch, makes the next block of it and stores block, state, transactions and the
  // batch's position with one atomic, synced write. When it returns, snapshot() shows the block.
  // Every envelope stays in the block, with a code; none can make this fail. Private values that
  // did not come, or do not have the hashes of their transaction, are recorded as missing. `batch`
  // is not empty and its position is above position() (asserted).
  //
  // Blocks: on the disk.
  // Errors: kIo, kCorrupt. Whether the block is stored is not known: the caller must stop the
  //         process.
  [[nodiscard]] Result<BlockCommitted> commit(OrderedBatch batch);

  // Puts the next documents, at most so many, into an index that is not complete yet. To be called
  // between blocks while it says that there is more. An index that a restart or a loss of power
  // finds under way is gone on with.
  //
  // Thread: commit()'s.
  // Blocks: on disk reads; nothing is synced.
  // Errors: as commit().
  [[nodiscard]] Result<IndexBuild> build_indexes(std::size_t documents_max);

 private:
  struct Buffers;

  // What changes with every block, all of it together.
  struct Newest {
    std::shared_ptr<const StateSnapshot> snapshot;
    std::string last_block_hash;
    LogPosition position;
  };

  ChannelLedger(ChannelId channel, std::shared_ptr<Store> store, Newest newest,
                IndexMaintenance indexes, StateTraits traits);

  void publish(Newest newest);

  // Set once, then read only.
  const ChannelId channel_;
  const std::shared_ptr<Store> store_;

  // Committer thread only.
  StateTraits traits_;  // Of the newest view.
  std::unique_ptr<Buffers> buffers_;
  IndexMaintenance indexes_;

  mutable Mutex mutex_;
  Newest newest_ CCBUS_GUARDED_BY(mutex_);  // Written by the committer only.
};

}  // namespace ccbus::ledger
