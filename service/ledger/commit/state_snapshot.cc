#include "service/ledger/commit/state_snapshot.h"

#include <rocksdb/perf_level.h>

#include <utility>

#include "service/ledger/query/index_store.h"
#include "service/ledger/simulate/history.h"
#include "service/ledger/state/state_encoding.h"

namespace ccbus::ledger {
namespace {

unexpected<Error> corrupt_value(std::string_view ns) {
  return fail(ErrorCode::kCorrupt,
              "a stored value of namespace '" + std::string(ns) + "' cannot be decoded");
}

class SnapshotCursor final : public StateCursor {
 public:
  // Both bounds are database keys.
  SnapshotCursor(const Store& store, rocksdb::ReadOptions options, std::string_view ns,
                 const std::string& first, std::string end)
      : ns_(ns),
        prefix_bytes_(namespace_prefix(ns).size()),
        end_(std::move(end)),
        end_slice_(end_) {
    options.iterate_upper_bound = &end_slice_;
    entries_.reset(store.db().NewIterator(options, store.family(Family::kState)));
    entries_->Seek(first);
  }

  Result<std::optional<StateEntry>> next() override {
    if (std::exchange(is_on_given_entry_, false)) entries_->Next();
    if (!entries_->Valid()) {
      if (!entries_->status().ok()) {
        return store_failure(entries_->status(), "cannot scan the state");
      }
      return std::nullopt;
    }
    is_on_given_entry_ = true;
    const auto parts = decode_state_value(view(entries_->value()));
    if (!parts) return corrupt_value(ns_);
    return StateEntry{view(entries_->key()).substr(prefix_bytes_), parts->value, parts->metadata,
                      parts->version};
  }

 private:
  const std::string ns_;
  const std::size_t prefix_bytes_;
  const std::string end_;
  const rocksdb::Slice end_slice_;  // The iterator keeps its address.
  std::unique_ptr<rocksdb::Iterator> entries_;
  bool is_on_given_entry_ = false;
};

class EmptyCursor final : public StateCursor {
 public:
  Result<std::optional<StateEntry>> next() override { return std::nullopt; }
};

}  // namespace

std::shared_ptr<const StateSnapshot> StateSnapshot::take(std::shared_ptr<const Store> store,
                                                         std::uint64_t height, StateTraits traits) {
  return std::shared_ptr<const StateSnapshot>(new StateSnapshot(std::move(store), height, traits));
}

StateSnapshot::StateSnapshot(std::shared_ptr<const Store> store, std::uint64_t height,
                             StateTraits traits)
    : store_(std::move(store)), height_(height), traits_(traits) {
  at_snapshot_.snapshot = store_->db().GetSnapshot();
}

StateSnapshot::~StateSnapshot() {
  store_->db().ReleaseSnapshot(at_snapshot_.snapshot);
}

std::unique_ptr<rocksdb::Iterator> StateSnapshot::entries(Family family) const {
  rocksdb::ReadOptions options = at_snapshot_;
  options.fill_cache = false;
  return std::unique_ptr<rocksdb::Iterator>(
      store_->db().NewIterator(options, store_->family(family)));
}

Result<std::optional<std::string>> StateSnapshot::stored(Family family,
                                                         std::string_view key) const {
  std::string value;
  const rocksdb::Status status =
      store_->db().Get(at_snapshot_, store_->family(family), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return store_failure(status, "cannot read from the database");
  return value;
}

rocksdb::Status StateSnapshot::fetch(std::string_view ns, std::string_view key,
                                     rocksdb::PinnableSlice& stored) const {
  // RocksDB keeps counters for each thread that nothing here reads. To set the level on every read
  // costs a few nanoseconds and needs no rule about threads; the counters cost a sixth of the read.
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  const StateKey state_key(ns, key);
  return store_->db().Get(at_snapshot_, store_->family(Family::kState), slice(state_key.bytes()),
                          &stored);
}

Result<bool> StateSnapshot::read(std::string_view ns, std::string_view key,
                                 VersionedValue& found) const {
  // What lies in a memtable is copied straight into the result; what lies in the block cache is
  // pinned there and copied once.
  rocksdb::PinnableSlice stored(&found.value);
  const rocksdb::Status status = fetch(ns, key, stored);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return store_failure(status, "cannot read the state");
  const auto parts = decode_state_value(view(stored));
  if (!parts) return corrupt_value(ns);
  found.version = parts->version;
  found.metadata.assign(parts->metadata);
  if (stored.IsPinned()) {
    found.value.assign(parts->value);
  } else {
    found.value.resize(parts->value.size());
  }
  return true;
}

Result<std::optional<Version>> StateSnapshot::version_of(std::string_view ns,
                                                         std::string_view key) const {
  rocksdb::PinnableSlice stored;
  const rocksdb::Status status = fetch(ns, key, stored);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return store_failure(status, "cannot read the state");
  const auto parts = decode_state_value(view(stored));
  if (!parts) return corrupt_value(ns);
  return parts->version;
}

Result<std::unique_ptr<StateCursor>> StateSnapshot::range(std::string_view ns,
                                                          std::string_view start,
                                                          std::string_view end) const {
  if (!end.empty() && end <= start) return std::make_unique<EmptyCursor>();
  return std::make_unique<SnapshotCursor>(
      *store_, at_snapshot_, ns, std::string(StateKey(ns, start).bytes()),
      end.empty() ? namespace_end(ns) : std::string(StateKey(ns, end).bytes()));
}

Result<std::unique_ptr<HistoryCursor>> StateSnapshot::history(std::string_view ns,
                                                              std::string_view key) const {
  if (!traits_.has_history)
    return fail(ErrorCode::kPrecondition, "history database is not enabled");
  return open_history(*store_, at_snapshot_, ns, key);
}

Result<std::vector<std::string>> StateSnapshot::complete_indexes(std::string_view ns) const {
  return complete_index_ids(*store_, at_snapshot_, ns);
}

Result<std::unique_ptr<IndexCursor>> StateSnapshot::index_range(std::string_view ns,
                                                                std::string_view index_id,
                                                                const IndexRange& range) const {
  return open_index(*store_, at_snapshot_, {ns, index_id}, range);
}

}  // namespace ccbus::ledger
