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
#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/base/ordered_batch.h"
#include "service/base/result.h"
#include "service/base/state_database.h"
#include "service/ledger/commit/block_committed.h"
#include "service/ledger/commit/synced_height.h"
#include "service/ledger/commit/transaction_record.h"
#include "service/ledger/policy/channel_trust.h"
#include "service/ledger/query/index_maintenance.h"
#include "service/ledger/state/old_tables.h"
#include "service/ledger/state/state_view.h"
#include "service/ledger/state/storage_memory.h"
#include "service/ledger/state/storage_metrics.h"
#include "service/ledger/validate/capability.h"

namespace rocksdb {
class Env;
}

namespace ccbus::ledger {

class StateSnapshot;
class Store;

// One channel: its blocks, the state that results from them, and the outcomes of its transactions.
//
// Thread:   commit() on one thread, the channel's committer; everything else on any.
// Lifetime: views may outlive the ledger; the database closes with the last of them.
// Errors:   kIo the disk failed; kCorrupt stored bytes are not what was written.
class ChannelLedger {
 public:
  struct Options {
    std::optional<std::filesystem::path> directory;  // Created if missing. nullopt: in memory.
    std::shared_ptr<StorageMemory> memory = {};      // Of all channels; null: one of its own.
    int tables_open_max = 512;  // Files of tables that the database holds open.
    bool history = true;        // Record every change of a key. Off: history() is refused.
    // Of a new ledger. Another one's, to commit its blocks again by the rules of their time.
    Capabilities capabilities{{{kNewestCapability, 0}}};
    StateDatabase state_database = StateDatabase::kEmbedded;  // Of a new ledger.
    bool durable = true;          // Off: nothing is logged or synced; for temporary ledgers.
    rocksdb::Env* env = nullptr;  // Null: the system's. Not owned; must outlive ledger and views.
    Logger* logger = nullptr;     // For what the database reports; null: nothing is logged.
  };

  // Opens a channel or creates one of height 0. Checks the end of the chain: height, last block,
  // its hashes and the link to the block before; and that no block is missing that was synced.
  //
  // Blocks:  on the replay of what the last run had not flushed.
  // Errors:  kCorrupt with the directory, the block and what differs; kInvalid if the directory
  // holds another
  //          channel; kIo if it cannot be opened, also because another process has it open.
  [[nodiscard]] static Result<std::unique_ptr<ChannelLedger>> open(ChannelId channel,
                                                                   Options options);
  ~ChannelLedger();
  ChannelLedger(const ChannelLedger&) = delete;
  ChannelLedger& operator=(const ChannelLedger&) = delete;

  [[nodiscard]] const ChannelId& channel() const { return channel_; }

  // The memory of its database; never null.
  [[nodiscard]] const std::shared_ptr<StorageMemory>& memory() const { return options_.memory; }

  // The configuration of the channel after the last block; null if it has none. Takes the same
  // lock.
  [[nodiscard]] std::shared_ptr<const ChannelTrust> trust() const;

  // The state after the last block. Takes one lock, which is never held during I/O.
  [[nodiscard]] std::shared_ptr<const StateView> snapshot() const;

  // The same, with the other families of the database. Errors: kUnavailable it is closed.
  [[nodiscard]] Result<std::shared_ptr<const StateSnapshot>> whole_snapshot() const;

  // Copies the whole database, as Store::copy_to(). Any thread. Errors: also kUnavailable.
  [[nodiscard]] Result<void> copy_to(const std::filesystem::path& directory,
                                     const CancellationToken& cancelled) const;

  // By which rules its blocks were validated. Never changes while it is open.
  [[nodiscard]] const Capabilities& capabilities() const { return capabilities_; }

  // Whose rules hold for keys and values in all its blocks. Never changes.
  [[nodiscard]] StateDatabase state_database() const { return state_database_; }

  // Tables that an earlier version wrote, and rewriting one of them: see
  // service/ledger/state/old_tables.h. Errors: also kUnavailable.
  [[nodiscard]] Result<std::vector<OldTable>> old_tables() const;
  [[nodiscard]] Result<void> rewrite_old_table(const OldTable& table) const;

  // The number of blocks.
  [[nodiscard]] std::uint64_t height() const;

  // The hash of the last block's header, 32 bytes; empty at height 0.
  [[nodiscard]] std::string last_block_hash() const;

  // The position of the log's last entry that was applied. A log that feeds this ledger goes on
  // behind it.
  [[nodiscard]] LogPosition position() const;

  // OrderedBatch::log_state of the last batch that had one; empty if none had.
  [[nodiscard]] Result<std::string> log_state() const;

  // What the database reports about itself; nothing while it is closed. Any thread. Does no I/O.
  [[nodiscard]] StorageMetrics storage_metrics() const;

  // Whether a block has a transaction with this id, valid or not.
  [[nodiscard]] Result<bool> has_transaction(const TxId& tx_id) const;
  // The first transaction with this id, valid or not; a block may have more of them. Up to 6c2d166
  // the last one of the first block that has the id was recorded. Returns nullopt if there is none.
  [[nodiscard]] Result<std::optional<TransactionRecord>> transaction(const TxId& tx_id) const;

  // Returns nullopt at and above height().
  [[nodiscard]] Result<std::optional<common::Block>> block(std::uint64_t number) const;

  // Validates a batch, makes the next block of it and stores block, state, transactions and the
  // batch's position and log state with one atomic, synced write. When it returns, snapshot() shows
  // the block. Every envelope stays in the block, with a code; none can make this fail. Private
  // values that did not come, or do not have the hashes of their transaction, are recorded as
  // missing. `batch` is not empty and its position is above position() (asserted).
  //
  // Blocks: on the disk.
  // Errors: kIo, kCorrupt. Whether the block is stored is not known: the caller must close(), and
  //         reopen() or stop the process. `batch` is then as it was before the call.
  [[nodiscard]] Result<BlockCommitted> commit(OrderedBatch&& batch);

  // Adds the next documents, at most `documents_max`, to an index that is not complete yet. To be
  // called between blocks while the result says that there is more. After a restart or a loss of
  // power, building continues where it was.
  //
  // Thread: commit()'s.
  // Blocks: on disk reads; nothing is synced.
  // Errors: as commit().
  [[nodiscard]] Result<IndexBuild> build_indexes(std::size_t documents_max);

  // Gives up the database after commit() or build_indexes() has failed, because what is on the disk
  // then is not known to it. Until reopen() succeeds, every read fails with kUnavailable and `why`;
  // height(), last_block_hash() and position() are those of the last block that was reported.
  //
  // Thread: commit()'s.
  void close(const std::string& why);

  // Opens the database again after close(); what its log holds decides. If the commit that failed
  // has stored its block after all, returns what that commit would have returned.
  //
  // Thread: commit()'s.
  // Blocks: as open().
  // Errors: kUnavailable somebody still holds a view of the database that was closed, and it cannot
  //         be opened twice; those of open(). Try again later.
  [[nodiscard]] Result<std::optional<BlockCommitted>> reopen();

 private:
  struct Buffers;
  struct Opened;

  // What changes with every block, all of it together.
  struct Newest {
    std::shared_ptr<const StateView> view;
    std::string last_block_hash;
    LogPosition position;
    std::shared_ptr<const StateSnapshot> snapshot;  // The view, unless the database is closed.
    std::shared_ptr<const Store> store;             // Null while it is closed.
    std::shared_ptr<const ChannelTrust> trust;      // Null: the channel has no configuration.
  };

  // A commit that failed, for the case that its block was stored all the same.
  struct Undecided {
    LogPosition position;
    BlockCommitted outcome;
  };

  ChannelLedger(ChannelId channel, Options options, Opened opened);

  [[nodiscard]] static Result<Opened> open_files(const ChannelId& channel, const Options& options);
  void use(Opened opened);
  // The database, for any thread. Errors: kUnavailable.
  [[nodiscard]] Result<std::shared_ptr<const Store>> open_store() const;
  [[nodiscard]] unexpected<Error> closed() const;
  [[nodiscard]] Result<BlockCommitted> commit_block(OrderedBatch& batch);
  void publish(std::uint64_t height, std::string last_block_hash, LogPosition position);
  void exchange_newest(Newest newest);
  void record_synced(std::uint64_t height);

  // Set once, then read only.
  const ChannelId channel_;
  const Options options_;
  const Capabilities capabilities_;
  const StateDatabase state_database_;

  // Committer thread only.
  std::shared_ptr<Store> store_;         // Null while it is closed.
  std::weak_ptr<const Store> given_up_;  // By close(); views may still hold it.
  std::optional<Undecided> undecided_;
  StateTraits traits_;  // Of the newest view.
  std::shared_ptr<const ChannelTrust> trust_;
  std::unique_ptr<Buffers> buffers_;
  std::optional<IndexMaintenance> indexes_;  // nullopt while it is closed.
  std::optional<SyncedHeight> synced_height_;
  bool is_record_failure_logged_ = false;

  mutable Mutex mutex_;
  Newest newest_ CCBUS_GUARDED_BY(mutex_);  // Written by the committer only.
};

}  // namespace ccbus::ledger
