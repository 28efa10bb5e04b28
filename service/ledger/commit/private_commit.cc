#include "service/ledger/commit/private_commit.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "service/base/fixed_int.h"
#include "service/base/sha256.h"
#include "service/ledger/state/definition.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::ledger {
namespace {

unexpected<Error> corrupt_row(std::string_view of) {
  return fail(ErrorCode::kCorrupt, "a stored row of " + std::string(of) + " cannot be decoded");
}

// Gives `visit(key, value)` every row that starts with `prefix`, until it returns an error or
// false.
template <class Visit>
Result<void> for_each_row(const Store& store, Family family, const std::string& prefix,
                          Visit visit) {
  const std::unique_ptr<rocksdb::Iterator> rows(
      store.db().NewIterator(rocksdb::ReadOptions(), store.family(family)));
  for (rows->Seek(prefix); rows->Valid() && rows->key().starts_with(prefix); rows->Next()) {
    Result<bool> more = visit(view(rows->key()), view(rows->value()));
    if (!more) return unexpected(more.error());
    if (!*more) return {};
  }
  if (rows->status().ok()) return {};
  return store_failure(rows->status(), "cannot read private data");
}

bool has_key(const PrivateWriteRow& row) {
  return row.kind != PrivateWriteRow::Kind::kMissing;
}

}  // namespace

PrivateCommit::PrivateCommit(const Store& store, std::uint64_t block_num,
                             const StateView& committed, BlockUpdates& updates)
    : store_(store), block_num_(block_num), committed_(committed), updates_(updates) {}

Result<std::string> PrivateCommit::add(std::uint64_t tx_num, const TxRwset& rwset,
                                       std::string_view private_data) {
  SuppliedPrivateData supplied = match_private_data(rwset, private_data);
  for (const NamespaceRwset& set : rwset) {
    for (const HashedCollection& collection : set.collections) {
      const auto found =
          std::ranges::find_if(supplied.collections, [&](const SuppliedCollection& one) {
            return one.ns == set.ns && one.name == collection.name;
          });
      const bool has_come = found != supplied.collections.end();
      auto added = add_collection(set.ns, collection, has_come ? &*found : nullptr,
                                  Version{block_num_, tx_num});
      if (!added) return unexpected(added.error());
    }
  }
  return std::move(supplied.fault);
}

Result<void> PrivateCommit::add_collection(const std::string& ns,
                                           const HashedCollection& collection,
                                           const SuppliedCollection* supplied,
                                           const Version& version) {
  std::map<std::string, const kvrwset::KVWrite*, std::less<>> by_hash;
  if (supplied != nullptr) {
    for (const kvrwset::KVWrite& one : supplied->writes.writes()) {
      by_hash[sha256({one.key()})] = &one;
    }
  }
  auto blocks = block_to_live(ns, collection.name);
  if (!blocks) return unexpected(blocks.error());
  const auto schedule = [&](const PrivateKey& key) {
    if (*blocks == 0 || *blocks > std::numeric_limits<std::uint64_t>::max() - block_num_ - 1)
      return;
    expiry_rows_.insert(expiry_key({block_num_ + *blocks + 1, key, version}));
  };
  for (const kvrwset::KVWriteHash& hashed : collection.hashed.hashed_writes()) {
    const PrivateKey key{ns, collection.name, hashed.key_hash()};
    if (hashed.is_purge()) {
      if (auto purged = purge(key); !purged) return purged;
      continue;
    }
    schedule(key);
    const auto found = by_hash.find(hashed.key_hash());
    // A write that does not have its hash counts as missing.
    const bool fits =
        found != by_hash.end() && is_delete(*found->second) == is_delete(hashed) &&
        (is_delete(hashed) || sha256({found->second->value()}) == hashed.value_hash());
    if (fits) {
      write(key, *found->second, version);
    } else if (auto noted = note_missing(key, version); !noted) {
      return noted;
    }
  }
  for (const kvrwset::KVMetadataWriteHash& hashed : collection.hashed.metadata_writes()) {
    const PrivateKey& key =
        new_metadata_.emplace_back(PrivateKey{ns, collection.name, hashed.key_hash()});
    schedule(key);
  }
  return {};
}

void PrivateCommit::write(const PrivateKey& key, const kvrwset::KVWrite& write,
                          const Version& version) {
  std::optional<VersionedValue> value;
  if (!is_delete(write)) value = VersionedValue{write.value(), {}, version};
  updates_.set(private_namespace(key.ns, key.collection), write.key(), std::move(value));
  rows_[private_write_key(key, version)] = {PrivateWriteRow::Kind::kWritten, write};
}

// The value that the missing write replaced must not be read any more.
Result<void> PrivateCommit::note_missing(const PrivateKey& key, const Version& version) {
  auto raw = raw_key(key);
  if (!raw) return unexpected(raw.error());
  if (*raw) updates_.set(private_namespace(key.ns, key.collection), **raw, std::nullopt);
  rows_[private_write_key(key, version)] = {};
  return {};
}

Result<void> PrivateCommit::purge(const PrivateKey& key) {
  auto raw = raw_key(key);
  if (!raw) return unexpected(raw.error());
  if (*raw) updates_.set(private_namespace(key.ns, key.collection), **raw, std::nullopt);
  const std::string prefix = private_write_prefix(key);
  for (auto row = rows_.lower_bound(prefix);
       row != rows_.end() && row->first.starts_with(prefix);) {
    row = rows_.erase(row);
  }
  return for_each_row(store_, Family::kPrivateWrites, prefix,
                      [this](std::string_view row, std::string_view) -> Result<bool> {
                        purged_.emplace(row);
                        return true;
                      });
}

// What the key is in plain, where any transaction said so. Every value in the state has such a row.
Result<std::optional<std::string>> PrivateCommit::raw_key(const PrivateKey& key) const {
  const std::string prefix = private_write_prefix(key);
  for (auto row = rows_.lower_bound(prefix); row != rows_.end() && row->first.starts_with(prefix);
       ++row) {
    if (has_key(row->second)) return row->second.write.key();
  }
  std::optional<std::string> raw;
  auto searched = for_each_row(store_, Family::kPrivateWrites, prefix,
                               [&raw](std::string_view, std::string_view value) -> Result<bool> {
                                 const auto row = decode_private_write(value);
                                 if (!row) return corrupt_row("private writes");
                                 if (has_key(*row)) raw = row->write.key();
                                 return !raw;
                               });
  if (!searched) return unexpected(searched.error());
  return raw;
}

// New metadata give the hash a new version; the value that belongs to it follows.
Result<void> PrivateCommit::take_over_metadata(const PrivateKey& key) {
  const auto* hash = updates_.find(hash_namespace(key.ns, key.collection), key.key_hash);
  if (hash == nullptr || !*hash) return {};
  auto raw = raw_key(key);
  if (!raw) return unexpected(raw.error());
  if (!*raw) return {};
  const std::string ns = private_namespace(key.ns, key.collection);
  auto value = updates_.current(ns, **raw, committed_);
  if (!value) return unexpected(value.error());
  const Version& version = (*hash)->version;
  const bool belongs =
      *value && (*value)->version != version && sha256({(*value)->value}) == (*hash)->value;
  if (!belongs) return {};
  updates_.set(ns, **raw, VersionedValue{std::move((*value)->value), {}, version});
  PrivateWriteRow& row = rows_[private_write_key(key, version)];
  row.kind = PrivateWriteRow::Kind::kMetadata;
  row.write.set_key(**raw);
  return {};
}

Result<void> PrivateCommit::finish(rocksdb::WriteBatch& batch) {
  for (const PrivateKey& key : new_metadata_) {
    if (auto taken = take_over_metadata(key); !taken) return taken;
  }
  if (auto expired = expire_due(batch); !expired) return expired;
  rocksdb::ColumnFamilyHandle* const writes = store_.family(Family::kPrivateWrites);
  for (const std::string& row : purged_) batch.Delete(writes, row);
  for (const auto& [row, write] : rows_) batch.Put(writes, row, encode_private_write(write));
  for (const std::string& row : expiry_rows_) batch.Put(store_.family(Family::kExpiry), row, {});
  return {};
}

Result<void> PrivateCommit::expire_due(rocksdb::WriteBatch& batch) {
  std::string prefix;
  append_fixed(prefix, block_num_);
  return for_each_row(store_, Family::kExpiry, prefix,
                      [&](std::string_view row, std::string_view) -> Result<bool> {
                        const auto due = decode_expiry_key(row);
                        if (!due) return corrupt_row("expiry");
                        batch.Delete(store_.family(Family::kExpiry), slice(row));
                        if (auto done = expire(*due, batch); !done) return unexpected(done.error());
                        return true;
                      });
}

Result<void> PrivateCommit::expire(const Expiry& expiry, rocksdb::WriteBatch& batch) {
  const PrivateKey& key = expiry.key;
  auto hash = expire_entry(hash_namespace(key.ns, key.collection), key.key_hash, expiry.version);
  if (!hash) return hash;
  const std::string row_key = private_write_key(key, expiry.version);
  auto stored = store_.get(Family::kPrivateWrites, row_key);
  if (!stored) return unexpected(stored.error());
  if (!*stored) return {};  // Purged since.
  const auto row = decode_private_write(**stored);
  if (!row) return corrupt_row("private writes");
  batch.Delete(store_.family(Family::kPrivateWrites), row_key);
  if (!has_key(*row)) return {};
  return expire_entry(private_namespace(key.ns, key.collection), row->write.key(), expiry.version);
}

// A key that was written since, in this block too, has a clock of its own.
Result<void> PrivateCommit::expire_entry(const std::string& ns, const std::string& key,
                                         const Version& version) {
  if (updates_.find(ns, key) != nullptr) return {};
  auto now = committed_.version_of(ns, key);
  if (!now) return unexpected(now.error());
  if (*now == version) updates_.set(ns, key, std::nullopt);
  return {};
}

Result<std::uint64_t> PrivateCommit::block_to_live(const std::string& ns,
                                                   const std::string& collection) {
  const auto [known, is_new] = blocks_to_live_.try_emplace({ns, collection}, 0);
  if (!is_new) return known->second;
  auto definition = find_definition(committed_, ns);
  if (!definition) return unexpected(definition.error());
  if (*definition) {
    if (const auto* config = find_collection(**definition, collection)) {
      known->second = config->block_to_live();
    }
  }
  return known->second;
}

}  // namespace ccbus::ledger
