#include "service/ledger/commit/channel_ledger.h"

#include <utility>

#include "service/base/assert.h"
#include "service/base/clock.h"
#include "service/ledger/block/block.h"
#include "service/ledger/commit/capability_record.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/commit/closed_state_view.h"
#include "service/ledger/commit/private_commit.h"
#include "service/ledger/commit/state_snapshot.h"
#include "service/ledger/commit/synced_height.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/simulate/history.h"
#include "service/ledger/state/state_encoding.h"
#include "service/ledger/state/store.h"
#include "service/ledger/validate/block_validator.h"

namespace ccbus::ledger {
namespace {

// A larger block gives its memory back: every channel keeps as much.
constexpr std::size_t kKeptBytesMax = 256u << 10;

// Says whether there are metadata among the updates.
bool put_state(rocksdb::WriteBatch& batch, const Store& store, const BlockUpdates& updates) {
  bool has_metadata = false;
  rocksdb::ColumnFamilyHandle* state = store.family(Family::kState);
  for (const auto& [ns, keys] : updates.namespaces()) {
    for (const auto& [key, value] : keys) {
      const StateKey state_key(ns, key);
      if (value) {
        batch.Put(state, slice(state_key.bytes()), encode_state_value(*value));
        has_metadata = has_metadata || !value->metadata.empty();
      } else {
        batch.Delete(state, slice(state_key.bytes()));
      }
    }
  }
  return has_metadata;
}

void put_transactions(rocksdb::WriteBatch& batch, const Store& store, std::uint64_t number,
                      const std::vector<ValidatedTransaction>& transactions) {
  std::uint32_t tx_num = 0;
  for (const ValidatedTransaction& transaction : transactions) {
    if (transaction.is_on_record) {
      put_transaction(batch, store, transaction.tx_id, {number, tx_num, transaction.code});
    }
    ++tx_num;
  }
}

// `batch` has an envelope for each of the block's transactions. Returns the fault of the private
// data of each one, which is empty for most.
Result<std::vector<std::string>> put_private_data(rocksdb::WriteBatch& changes, const Store& store,
                                                  std::uint64_t number,
                                                  const std::vector<OrderedEnvelope>& batch,
                                                  const StateView& committed,
                                                  ValidatedBlock& block) {
  std::vector<std::string> faults(batch.size());
  PrivateCommit commit(store, number, committed, block.updates);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (block.transactions[i].code != protos::VALID) continue;
    auto fault = commit.add(i, block.transactions[i].rwset, batch[i].private_data);
    if (!fault) return unexpected(fault.error());
    faults[i] = std::move(*fault);
  }
  if (auto finished = commit.finish(changes); !finished) return unexpected(finished.error());
  return faults;
}

}  // namespace

// Undoes what make_block() and the outcome have taken from the batch.
void give_back(std::vector<OrderedEnvelope>& batch, common::Block& block,
               const BlockCommitted& outcome) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    batch[i].bytes = std::move(*block.mutable_data()->mutable_data(static_cast<int>(i)));
    batch[i].tx_id = outcome.transactions[i].tx_id;
  }
}

// Compares the height with the one that was last synced, and records it from now on. A ledger that
// is in memory or not durable has no such file.
Result<std::optional<SyncedHeight>> check_synced_height(const ChannelLedger::Options& options,
                                                        std::uint64_t height) {
  if (!options.directory || !options.durable) return std::nullopt;
  rocksdb::Env& env = options.env != nullptr ? *options.env : *rocksdb::Env::Default();
  auto synced = SyncedHeight::open(env, options.directory->string());
  if (!synced) return unexpected(synced.error());
  if (const auto found = synced->found(); found && *found > height) {
    return fail(ErrorCode::kCorrupt,
                "the height is " + std::to_string(height) + ", but " + synced->path() +
                    " says that height " + std::to_string(*found) +
                    " was synced to the disk: the write-ahead log (*.log) is missing or was "
                    "shortened. Restore a snapshot or a backup, or remove that file to go on "
                    "without the lost blocks");
  }
  return std::optional(std::move(*synced));
}

// The configuration of the channel; null if it has none.
Result<std::shared_ptr<const ChannelTrust>> read_trust(const StateView& state) {
  auto stored = state.get(kChannelNamespace, kChannelConfigKey);
  if (!stored) return unexpected(stored.error());
  if (!*stored) return nullptr;
  auto config = decode_channel_config((*stored)->value);
  if (!config) return unexpected(config.error());
  auto trust = ChannelTrust::of(*config);
  if (!trust)
    return fail(ErrorCode::kCorrupt, "the channel's configuration: " + trust.error().message);
  return trust;
}

Error in_directory(const ChannelLedger::Options& options, Error error) {
  if (options.directory && error.code == ErrorCode::kCorrupt) {
    error.message = "the ledger in " + options.directory->string() + ": " + error.message;
  }
  return error;
}

// A block's changes and its bytes, kept from block to block: fresh memory of that size comes page
// by page from the kernel.
struct ChannelLedger::Buffers {
  rocksdb::WriteBatch changes;
  std::string block;
};

// A database and what was read from it.
struct ChannelLedger::Opened {
  std::shared_ptr<Store> store;
  ChainEnd end;
  Capabilities capabilities;
  StateTraits traits;
  IndexMaintenance indexes;
  std::optional<SyncedHeight> synced_height;
  std::shared_ptr<const ChannelTrust> trust;
};

Result<std::unique_ptr<ChannelLedger>> ChannelLedger::open(ChannelId channel, Options options) {
  if (options.memory == nullptr) options.memory = std::make_shared<StorageMemory>();
  auto opened = open_files(channel, options);
  if (!opened) return unexpected(opened.error());
  return std::unique_ptr<ChannelLedger>(
      new ChannelLedger(std::move(channel), std::move(options), std::move(*opened)));
}

Result<ChannelLedger::Opened> ChannelLedger::open_files(const ChannelId& channel,
                                                        const Options& options) {
  auto store = Store::open({options.directory, options.memory, options.env, options.tables_open_max,
                            options.durable, options.logger});
  if (!store) return unexpected(store.error());
  const auto failed = [&options](Error error) {
    return unexpected(in_directory(options, std::move(error)));
  };
  if (auto claimed = claim_store(**store, channel, {options.capabilities, options.state_database});
      !claimed) {
    return failed(claimed.error());
  }
  auto end = read_chain_end(**store);
  if (!end) return failed(end.error());
  auto synced = check_synced_height(options, end->height);
  if (!synced) return failed(synced.error());
  auto capabilities = bring_up_to_date(**store, end->height);
  if (!capabilities) return failed(capabilities.error());
  auto metadata = may_have_metadata(**store);
  if (!metadata) return failed(metadata.error());
  auto database = read_state_database(**store);
  if (!database) return failed(database.error());
  const StateTraits traits{options.history, *metadata, *database};
  const auto state = StateSnapshot::take(*store, end->height, traits);
  auto indexes = IndexMaintenance::open(*store, *state);
  if (!indexes) return failed(indexes.error());
  auto trust = read_trust(*state);
  if (!trust) return failed(trust.error());
  return Opened{std::move(*store),   std::move(*end),    std::move(*capabilities), traits,
                std::move(*indexes), std::move(*synced), std::move(*trust)};
}

ChannelLedger::ChannelLedger(ChannelId channel, Options options, Opened opened)
    : channel_(std::move(channel)),
      options_(std::move(options)),
      capabilities_(std::move(opened.capabilities)),
      state_database_(opened.traits.database),
      buffers_(std::make_unique<Buffers>()) {
  use(std::move(opened));
}

ChannelLedger::~ChannelLedger() = default;

void ChannelLedger::use(Opened opened) {
  store_ = std::move(opened.store);
  traits_ = opened.traits;
  indexes_.emplace(std::move(opened.indexes));
  synced_height_ = std::move(opened.synced_height);
  trust_ = std::move(opened.trust);
  record_synced(opened.end.height);
  publish(opened.end.height, std::move(opened.end.last_block_hash), opened.end.position);
}

void ChannelLedger::close(const std::string& why) {
  Error error{ErrorCode::kUnavailable,
              "the ledger of channel " + channel_.value + " is closed for the moment: " + why};
  exchange_newest({std::make_shared<const ClosedStateView>(height(), std::move(error)),
                   last_block_hash(), position(), nullptr, nullptr, trust_});
  if (store_) given_up_ = store_;
  indexes_.reset();
  synced_height_.reset();
  store_.reset();
}

Result<std::optional<BlockCommitted>> ChannelLedger::reopen() {
  CCBUS_ASSERT(store_ == nullptr);
  if (!given_up_.expired()) {
    return fail(ErrorCode::kUnavailable,
                std::to_string(given_up_.use_count()) +
                    " readers still use the database as it was before the failure");
  }
  auto opened = open_files(channel_, options_);
  if (!opened) return unexpected(opened.error());
  auto undecided = std::exchange(undecided_, std::nullopt);
  const bool is_stored = undecided && opened->end.position >= undecided->position;
  use(std::move(*opened));
  if (!is_stored) return std::nullopt;
  return std::move(undecided->outcome);
}

std::shared_ptr<const ChannelTrust> ChannelLedger::trust() const {
  const MutexLock lock(mutex_);
  return newest_.trust;
}

std::shared_ptr<const StateView> ChannelLedger::snapshot() const {
  const MutexLock lock(mutex_);
  return newest_.view;
}

Result<std::shared_ptr<const StateSnapshot>> ChannelLedger::whole_snapshot() const {
  {
    const MutexLock lock(mutex_);
    if (newest_.snapshot) return newest_.snapshot;
  }
  return closed();
}

Result<std::shared_ptr<const Store>> ChannelLedger::open_store() const {
  {
    const MutexLock lock(mutex_);
    if (newest_.store) return newest_.store;
  }
  return closed();
}

unexpected<Error> ChannelLedger::closed() const {
  return fail(ErrorCode::kUnavailable, "the ledger of channel " + channel_.value +
                                           " is closed until its disk can be written to again");
}

Result<void> ChannelLedger::copy_to(const std::filesystem::path& directory,
                                    const CancellationToken& cancelled) const {
  auto store = open_store();
  if (!store) return unexpected(store.error());
  return (*store)->copy_to(directory, cancelled);
}

Result<std::vector<OldTable>> ChannelLedger::old_tables() const {
  auto store = open_store();
  if (!store) return unexpected(store.error());
  return find_old_tables(**store);
}

Result<void> ChannelLedger::rewrite_old_table(const OldTable& table) const {
  auto store = open_store();
  if (!store) return unexpected(store.error());
  return ledger::rewrite_old_table(**store, table);
}

std::uint64_t ChannelLedger::height() const {
  return snapshot()->height();
}

std::string ChannelLedger::last_block_hash() const {
  const MutexLock lock(mutex_);
  return newest_.last_block_hash;
}

LogPosition ChannelLedger::position() const {
  const MutexLock lock(mutex_);
  return newest_.position;
}

Result<std::string> ChannelLedger::log_state() const {
  auto store = open_store();
  if (!store) return unexpected(store.error());
  auto state = (*store)->get(Family::kMeta, kLogStateKey);
  if (!state) return unexpected(state.error());
  return state->value_or("");
}

Result<bool> ChannelLedger::has_transaction(const TxId& tx_id) const {
  auto record = transaction(tx_id);
  if (!record) return unexpected(record.error());
  return record->has_value();
}

Result<std::optional<TransactionRecord>> ChannelLedger::transaction(const TxId& tx_id) const {
  auto store = open_store();
  if (!store) return unexpected(store.error());
  return read_transaction(**store, tx_id);
}

Result<std::optional<common::Block>> ChannelLedger::block(std::uint64_t number) const {
  auto store = open_store();
  if (!store) return unexpected(store.error());
  return read_block(**store, number);
}

Result<BlockCommitted> ChannelLedger::commit(OrderedBatch&& batch) {
  CCBUS_ASSERT(store_ != nullptr);
  CCBUS_ASSERT(!batch.envelopes.empty());
  CCBUS_ASSERT(batch.position > position());
  return commit_block(batch);
}

Result<BlockCommitted> ChannelLedger::commit_block(OrderedBatch& ordered) {
  std::vector<OrderedEnvelope>& batch = ordered.envelopes;
  const SteadyTime started = std::chrono::steady_clock::now();
  const std::shared_ptr<const StateView> committed = snapshot();
  const std::uint64_t number = committed->height();
  auto validated = validate_block({channel_, number, capabilities_.of(number), trust_.get()}, batch,
                                  *committed, [this](const TxId& tx_id) -> Result<bool> {
                                    auto record = read_transaction(*store_, tx_id);
                                    if (!record) return unexpected(record.error());
                                    return record->has_value();
                                  });
  if (!validated) return unexpected(validated.error());

  const SteadyTime judged = std::chrono::steady_clock::now();
  rocksdb::WriteBatch& changes = buffers_->changes;
  changes.Clear();
  auto faults = put_private_data(changes, *store_, number, batch, *committed, *validated);
  if (!faults) return unexpected(faults.error());

  BlockCommitted outcome{channel_, number, {}, {}};
  std::vector<protos::TxValidationCode> codes;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    ValidatedTransaction& transaction = validated->transactions[i];
    codes.push_back(transaction.code);
    outcome.transactions.push_back({std::move(batch[i].tx_id), transaction.code,
                                    std::move(transaction.conflict), std::move(transaction.kind),
                                    std::move(transaction.policy_failure),
                                    std::move((*faults)[i])});
  }
  common::Block block = make_block(number, last_block_hash(), std::move(batch), codes);
  std::string hash = header_hash(block.header());

  put_block(changes, *store_, block, ChainEnd{number + 1, hash, ordered.position}, buffers_->block);
  if (!ordered.log_state.empty()) {
    changes.Put(store_->family(Family::kMeta), slice(kLogStateKey), slice(ordered.log_state));
  }
  put_transactions(changes, *store_, number, validated->transactions);
  StateTraits traits = traits_;
  if (put_state(changes, *store_, validated->updates) && !traits.may_have_metadata) {
    traits.may_have_metadata = true;
    changes.Delete(store_->family(Family::kMeta), slice(kNoMetadataKey));
  }
  if (auto indexed = indexes_->add_block(changes, validated->updates, *committed); !indexed) {
    give_back(batch, block, outcome);
    return unexpected(indexed.error());
  }
  if (traits_.has_history) put_history(changes, *store_, number, validated->transactions);
  const SteadyTime prepared = std::chrono::steady_clock::now();
  if (auto written = store_->write_synced(changes); !written) {
    give_back(batch, block, outcome);
    undecided_ = {ordered.position, std::move(outcome)};
    return unexpected(written.error());
  }
  outcome.took = {judged - started, prepared - judged, std::chrono::steady_clock::now() - prepared};
  record_synced(number + 1);
  if (changes.GetDataSize() > kKeptBytesMax) buffers_ = std::make_unique<Buffers>();
  traits_ = traits;
  if (validated->updates.namespaces().contains(std::string(kChannelNamespace))) {
    auto trust = read_trust(*StateSnapshot::take(store_, number + 1, traits_));
    CCBUS_ASSERT(trust.has_value());  // The block was judged by it.
    trust_ = std::move(*trust);
  }
  publish(number + 1, std::move(hash), ordered.position);
  return outcome;
}

// A failure is not one of the commit: what the file says is then too low, which is allowed.
void ChannelLedger::record_synced(std::uint64_t height) {
  if (!synced_height_) return;
  const rocksdb::Status status = synced_height_->record(height);
  if (status.ok() || is_record_failure_logged_) return;
  is_record_failure_logged_ = true;
  if (options_.logger == nullptr) return;
  options_.logger->warn(
      "ledger.synced_height_not_written channel={} file={:?} height={} reason={:?}", channel_.value,
      synced_height_->path(), height, status.ToString());
}

StorageMetrics ChannelLedger::storage_metrics() const {
  const auto store = open_store();
  return store ? (*store)->metrics() : StorageMetrics();
}

Result<IndexBuild> ChannelLedger::build_indexes(std::size_t documents_max) {
  CCBUS_ASSERT(indexes_.has_value());
  const std::shared_ptr<const StateView> committed = snapshot();
  auto built = indexes_->build(documents_max, *committed);
  if (built && built->is_complete) publish(committed->height(), last_block_hash(), position());
  return built;
}

void ChannelLedger::publish(std::uint64_t height, std::string last_block_hash,
                            LogPosition position) {
  auto snapshot = StateSnapshot::take(store_, height, traits_);
  exchange_newest({snapshot, std::move(last_block_hash), position, snapshot, store_, trust_});
}

void ChannelLedger::exchange_newest(Newest newest) {
  // The old view goes after the lock: letting the last reference go releases a RocksDB snapshot.
  const MutexLock lock(mutex_);
  std::swap(newest_, newest);
}

}  // namespace ccbus::ledger
