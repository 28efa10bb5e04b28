#include "service/ledger/block/private_rwset.h"

#include <utility>

#include "service/ledger/block/read_version.h"
#include "service/ledger/block/sha256.h"

namespace ccbus::ledger {

void CollectionRwset::add_read(std::string_view key, const std::optional<Version>& version) {
  reads_.emplace(key, version);
}

void CollectionRwset::set_write(std::string_view key, Write write) {
  writes_.insert_or_assign(std::string(key), std::move(write));
}

void CollectionRwset::add_write(std::string_view key, std::string value) {
  set_write(key, {std::move(value), false});
}

void CollectionRwset::add_purge(std::string_view key) {
  set_write(key, {{}, true});
}

void CollectionRwset::add_metadata_write(std::string_view key, Metadata metadata) {
  metadata_writes_.insert_or_assign(std::string(key), std::move(metadata));
}

rwset::CollectionHashedReadWriteSet CollectionRwset::build_hashed(const std::string& name) const {
  kvrwset::HashedRWSet set;
  for (const auto& [key, version] : reads_) {
    kvrwset::KVReadHash& read = *set.add_hashed_reads();
    read.set_key_hash(sha256({key}));
    set_version(read, version);
  }
  for (const auto& [key, write] : writes_) {
    kvrwset::KVWriteHash& out = *set.add_hashed_writes();
    out.set_key_hash(sha256({key}));
    out.set_is_delete(write.value.empty());
    if (!write.value.empty()) out.set_value_hash(sha256({write.value}));
    out.set_is_purge(write.is_purge);
  }
  for (const auto& [key, metadata] : metadata_writes_) {
    kvrwset::KVMetadataWriteHash& out = *set.add_metadata_writes();
    out.set_key_hash(sha256({key}));
    add_entries(metadata, *out.mutable_entries());
  }
  rwset::CollectionHashedReadWriteSet hashed;
  hashed.set_collection_name(name);
  set.SerializeToString(hashed.mutable_hashed_rwset());
  if (has_writes()) hashed.set_pvt_rwset_hash(sha256({encoded_writes()}));
  return hashed;
}

rwset::CollectionPvtReadWriteSet CollectionRwset::build_private(const std::string& name) const {
  rwset::CollectionPvtReadWriteSet set;
  set.set_collection_name(name);
  set.set_rwset(encoded_writes());
  return set;
}

std::string CollectionRwset::encoded_writes() const {
  kvrwset::KVRWSet set;
  for (const auto& [key, write] : writes_) {
    kvrwset::KVWrite& out = *set.add_writes();
    out.set_key(key);
    out.set_is_delete(write.value.empty());
    out.set_value(write.value);
  }
  for (const auto& [key, metadata] : metadata_writes_) set.add_metadata_writes()->set_key(key);
  return set.SerializeAsString();
}

}  // namespace ccbus::ledger
