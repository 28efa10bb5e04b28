#include "service/ledger/commit/private_writes.h"

#include <set>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/ledger/block/endorser_transaction.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/commit/private_rows.h"

namespace ccbus::ledger {
namespace {

// Adds what is known of one key that the transaction has changed in a collection.
Result<void> add_row(const StateSnapshot& snapshot, const PrivateKey& key, const Version& version,
                     kvrwset::KVRWSet& known) {
  const auto stored = snapshot.stored(Family::kPrivateWrites, private_write_key(key, version));
  if (!stored) return unexpected(stored.error());
  if (!*stored) return {};
  const auto row = decode_private_write(**stored);
  if (!row) {
    return fail(ErrorCode::kCorrupt, "a stored row of collection " + key.ns + "/" + key.collection +
                                         " cannot be decoded");
  }
  switch (row->kind) {
    case PrivateWriteRow::Kind::kWritten: *known.add_writes() = row->write; break;
    case PrivateWriteRow::Kind::kMetadata:
      known.add_metadata_writes()->set_key(row->write.key());
      break;
    case PrivateWriteRow::Kind::kMissing: break;
  }
  return {};
}

Result<kvrwset::KVRWSet> known_of(const StateSnapshot& snapshot, const std::string& ns,
                                  const HashedCollection& collection, const Version& version) {
  std::set<std::string> seen;  // A key with a value and metadata has one row.
  kvrwset::KVRWSet known;
  const auto add = [&](const std::string& key_hash) -> Result<void> {
    if (!seen.insert(key_hash).second) return {};
    return add_row(snapshot, {ns, collection.name, key_hash}, version, known);
  };
  for (const kvrwset::KVWriteHash& write : collection.hashed.hashed_writes()) {
    if (auto added = add(write.key_hash()); !added) return unexpected(added.error());
  }
  for (const kvrwset::KVMetadataWriteHash& write : collection.hashed.metadata_writes()) {
    if (auto added = add(write.key_hash()); !added) return unexpected(added.error());
  }
  return known;
}

}  // namespace

Result<rwset::TxPvtReadWriteSet> private_writes_of(const StateSnapshot& snapshot,
                                                   std::string_view envelope,
                                                   const Version& version,
                                                   const CollectionFilter& wanted) {
  rwset::TxPvtReadWriteSet found;
  const TransactionFrame frame = read_frame_of_any_channel(envelope);
  if (frame.code != protos::VALID) return found;
  const TransactionBody body = read_body(frame);
  if (body.code != protos::VALID) return found;
  for (const NamespaceRwset& set : body.rwset) {
    rwset::NsPvtReadWriteSet ns;
    for (const HashedCollection& collection : set.collections) {
      const auto is_wanted = wanted(set.ns, collection.name);
      if (!is_wanted) return unexpected(is_wanted.error());
      if (!*is_wanted) continue;
      const auto known = known_of(snapshot, set.ns, collection, version);
      if (!known) return unexpected(known.error());
      if (known->writes_size() + known->metadata_writes_size() == 0) continue;
      auto& writes = *ns.add_collection_pvt_rwset();
      writes.set_collection_name(collection.name);
      writes.set_rwset(known->SerializeAsString());
    }
    if (ns.collection_pvt_rwset_size() == 0) continue;
    ns.set_namespace_(set.ns);
    *found.add_ns_pvt_rwset() = std::move(ns);
  }
  return found;
}

}  // namespace ccbus::ledger
