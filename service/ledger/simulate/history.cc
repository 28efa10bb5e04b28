#include "service/ledger/simulate/history.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "fabric/ledger/kv_query_result.pb.h"
#include "service/base/fixed_int.h"
#include "service/ledger/state/state_encoding.h"

namespace ccbus::ledger {
namespace {

constexpr std::size_t kHeightBytes = sizeof(std::uint64_t) + sizeof(std::uint32_t);

// Both names with their lengths, so that no key is the beginning of another.
void append_prefix(std::string& out, std::string_view ns, std::string_view key) {
  append_sized(out, ns);
  append_sized(out, key);
}

class StoredHistory final : public HistoryCursor {
 public:
  StoredHistory(const Store& store, rocksdb::ReadOptions options, std::string prefix)
      : end_(prefix + std::string(kHeightBytes + 1, '\xff')), end_slice_(end_) {
    options.iterate_upper_bound = &end_slice_;
    entries_.reset(store.db().NewIterator(options, store.family(Family::kHistory)));
    entries_->Seek(prefix);
  }

  Result<std::optional<std::string>> next() override {
    if (!entries_->Valid()) {
      if (entries_->status().ok()) return std::nullopt;
      return store_failure(entries_->status(), "cannot read the history");
    }
    std::string change = entries_->value().ToString();
    entries_->Next();
    return change;
  }

 private:
  const std::string end_;           // Above every inverted height behind the prefix.
  const rocksdb::Slice end_slice_;  // The iterator keeps its address.
  std::unique_ptr<rocksdb::Iterator> entries_;
};

}  // namespace

void put_history(rocksdb::WriteBatch& batch, const Store& store, std::uint64_t block_num,
                 const std::vector<ValidatedTransaction>& transactions) {
  rocksdb::ColumnFamilyHandle* const family = store.family(Family::kHistory);
  queryresult::KeyModification change;
  std::string key;
  std::string value;
  std::uint32_t tx_num = 0;
  for (const ValidatedTransaction& transaction : transactions) {
    change.set_tx_id(transaction.tx_id.value);
    *change.mutable_timestamp() = transaction.timestamp;
    for (const NamespaceRwset& set : transaction.rwset) {
      for (const kvrwset::KVWrite& write : set.kv.writes()) {
        change.set_is_delete(is_delete(write));
        change.set_value(write.value());
        change.SerializeToString(&value);
        key.clear();
        append_prefix(key, set.ns, write.key());
        append_fixed(key, ~block_num);
        append_fixed(key, ~tx_num);
        batch.Put(family, key, value);
      }
    }
    ++tx_num;
  }
}

std::unique_ptr<HistoryCursor> open_history(const Store& store, rocksdb::ReadOptions options,
                                            std::string_view ns, std::string_view key) {
  std::string prefix;
  append_prefix(prefix, ns, key);
  return std::make_unique<StoredHistory>(store, std::move(options), std::move(prefix));
}

}  // namespace ccbus::ledger
