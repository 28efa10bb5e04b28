#include "service/ledger/query/index_store.h"

#include <cstdint>
#include <utility>

#include "service/base/fixed_int.h"
#include "service/ledger/state/state_encoding.h"

namespace ccbus::ledger {
namespace {

constexpr char kProgressTag = 'p';
constexpr char kEntryTag = 'e';
constexpr char kComplete = 'c';
constexpr char kUnbegun = 'u';
constexpr char kUnderWay = 'w';

std::string progress_prefix(std::string_view ns) {
  return std::string(1, kProgressTag) + namespace_prefix(ns);
}

std::string progress_key(const IndexName& index) {
  return progress_prefix(index.ns).append(index.id);
}

std::string entry_prefix(const IndexName& index) {
  return std::string(1, kEntryTag) + namespace_prefix(index.ns) + std::string(index.id);
}

// Ids are ASCII, so the last byte can be incremented.
std::string entries_end(const IndexName& index) {
  std::string end = entry_prefix(index);
  ++end.back();
  return end;
}

std::string entry_key(const IndexName& index, const IndexCursor::Entry& entry) {
  return entry_prefix(index).append(entry.sort_key).append(entry.key);
}

Result<IndexProgress> decode_progress(std::string_view value) {
  if (value.size() == 1 && value[0] == kComplete) return IndexProgress{true, std::nullopt};
  if (value.size() == 1 && value[0] == kUnbegun) return IndexProgress{};
  if (!value.empty() && value[0] == kUnderWay) {
    return IndexProgress{false, std::string(value.substr(1))};
  }
  return fail(ErrorCode::kCorrupt, "the progress of an index cannot be decoded");
}

class EntryCursor final : public IndexCursor {
 public:
  EntryCursor(const Store& store, rocksdb::ReadOptions options, const IndexName& index,
              const IndexRange& range)
      : prefix_(entry_prefix(index)),
        first_(prefix_ + range.start),
        end_(range.end.empty() ? entries_end(index) : prefix_ + range.end),
        first_slice_(first_),
        end_slice_(end_),
        is_reverse_(range.direction == IndexRange::Direction::kReverse) {
    if (end_ <= first_) return;
    options.iterate_lower_bound = &first_slice_;
    options.iterate_upper_bound = &end_slice_;
    entries_.reset(store.db().NewIterator(options, store.family(Family::kIndexes)));
    is_reverse_ ? entries_->SeekToLast() : entries_->SeekToFirst();
  }

  Result<std::optional<Entry>> next() override {
    if (entries_ == nullptr) return std::nullopt;
    if (std::exchange(is_on_given_entry_, false)) is_reverse_ ? entries_->Prev() : entries_->Next();
    if (!entries_->Valid()) {
      if (!entries_->status().ok()) {
        return store_failure(entries_->status(), "cannot scan an index");
      }
      return std::nullopt;
    }
    is_on_given_entry_ = true;
    const std::string_view both = view(entries_->key()).substr(prefix_.size());
    const std::string_view length = view(entries_->value());
    if (length.size() != sizeof(std::uint32_t) || read_fixed<std::uint32_t>(length) > both.size()) {
      return fail(ErrorCode::kCorrupt, "an entry of an index cannot be decoded");
    }
    const auto sort_key_bytes = read_fixed<std::uint32_t>(length);
    return Entry{both.substr(0, sort_key_bytes), both.substr(sort_key_bytes)};
  }

 private:
  const std::string prefix_;
  const std::string first_;
  const std::string end_;
  const rocksdb::Slice first_slice_;  // The iterator keeps the addresses.
  const rocksdb::Slice end_slice_;
  const bool is_reverse_;
  std::unique_ptr<rocksdb::Iterator> entries_;  // Null: the range is empty.
  bool is_on_given_entry_ = false;
};

}  // namespace

void put_index_progress(rocksdb::WriteBatch& batch, const Store& store, const IndexName& index,
                        const IndexProgress& progress) {
  std::string value(1, progress.is_complete ? kComplete : progress.last_key ? kUnderWay : kUnbegun);
  if (!progress.is_complete && progress.last_key) value += *progress.last_key;
  batch.Put(store.family(Family::kIndexes), progress_key(index), value);
}

Result<std::vector<StoredIndex>> stored_indexes(const Store& store) {
  const std::unique_ptr<rocksdb::Iterator> entries(
      store.db().NewIterator(rocksdb::ReadOptions(), store.family(Family::kIndexes)));
  std::vector<StoredIndex> found;
  const std::string all(1, kProgressTag);
  for (entries->Seek(all); entries->Valid() && entries->key().starts_with(all); entries->Next()) {
    std::string_view name = view(entries->key()).substr(1);
    const auto ns = take_sized(name);
    if (!ns) return fail(ErrorCode::kCorrupt, "the name of an index cannot be decoded");
    auto progress = decode_progress(view(entries->value()));
    if (!progress) return unexpected(progress.error());
    found.push_back({std::string(*ns), std::string(name), std::move(*progress)});
  }
  if (!entries->status().ok()) return store_failure(entries->status(), "cannot read the indexes");
  return found;
}

Result<std::vector<std::string>> complete_index_ids(const Store& store,
                                                    const rocksdb::ReadOptions& at_snapshot,
                                                    std::string_view ns) {
  const std::unique_ptr<rocksdb::Iterator> entries(
      store.db().NewIterator(at_snapshot, store.family(Family::kIndexes)));
  std::vector<std::string> ids;
  const std::string prefix = progress_prefix(ns);
  for (entries->Seek(prefix); entries->Valid() && entries->key().starts_with(prefix);
       entries->Next()) {
    auto progress = decode_progress(view(entries->value()));
    if (!progress) return unexpected(progress.error());
    if (progress->is_complete) ids.emplace_back(view(entries->key()).substr(prefix.size()));
  }
  if (!entries->status().ok()) return store_failure(entries->status(), "cannot read the indexes");
  return ids;
}

void put_index_entry(rocksdb::WriteBatch& batch, const Store& store, const IndexName& index,
                     const IndexCursor::Entry& entry) {
  std::string length;
  append_fixed(length, static_cast<std::uint32_t>(entry.sort_key.size()));
  batch.Put(store.family(Family::kIndexes), entry_key(index, entry), length);
}

void delete_index_entry(rocksdb::WriteBatch& batch, const Store& store, const IndexName& index,
                        const IndexCursor::Entry& entry) {
  batch.Delete(store.family(Family::kIndexes), entry_key(index, entry));
}

void delete_index(rocksdb::WriteBatch& batch, const Store& store, const IndexName& index) {
  batch.Delete(store.family(Family::kIndexes), progress_key(index));
  batch.DeleteRange(store.family(Family::kIndexes), entry_prefix(index), entries_end(index));
}

std::unique_ptr<IndexCursor> open_index(const Store& store, rocksdb::ReadOptions at_snapshot,
                                        const IndexName& index, const IndexRange& range) {
  return std::make_unique<EntryCursor>(store, std::move(at_snapshot), index, range);
}

}  // namespace ccbus::ledger
