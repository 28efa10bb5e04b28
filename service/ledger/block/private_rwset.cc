#include "service/ledger/block/private_rwset.h"

#include <utility>

#include "service/base/sha256.h"
#include "service/ledger/block/read_version.h"

namespace ccbus::ledger {

std::ptrdiff_t CollectionRwset::add_read(std::string_view key,
                                         const std::optional<Version>& version) {
  const bool is_new = reads_.emplace(key, version).second;
  return is_new ? signed_size(key) + kEntryBytes : 0;
}

std::ptrdiff_t CollectionRwset::set_write(std::string_view key, Write write) {
  const auto [at, is_new] = writes_.try_emplace(std::string(key));
  const std::ptrdiff_t growth = signed_size(write.value) - signed_size(at->second.value) +
                                (is_new ? signed_size(key) + kEntryBytes : 0);
  at->second = std::move(write);
  return growth;
}

std::ptrdiff_t CollectionRwset::add_write(std::string_view key, std::string value) {
  return set_write(key, {std::move(value), false});
}

std::ptrdiff_t CollectionRwset::add_purge(std::string_view key) {
  return set_write(key, {{}, true});
}

std::ptrdiff_t CollectionRwset::add_metadata_write(std::string_view key, Metadata metadata) {
  return put_metadata(metadata_writes_, key, std::move(metadata));
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
