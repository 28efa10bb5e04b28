#include "service/ledger/block/metadata.h"

#include <utility>

namespace ccbus::ledger {
namespace {

std::ptrdiff_t bytes_of(const Metadata& metadata) {
  std::ptrdiff_t bytes = 0;
  for (const auto& [name, value] : metadata)
    bytes += signed_size(name) + signed_size(value) + kEntryBytes;
  return bytes;
}

}  // namespace

std::ptrdiff_t put_metadata(MetadataByKey& all, std::string_view key, Metadata metadata) {
  const auto [at, is_new] = all.try_emplace(std::string(key));
  const std::ptrdiff_t growth =
      bytes_of(metadata) - bytes_of(at->second) + (is_new ? signed_size(key) + kEntryBytes : 0);
  at->second = std::move(metadata);
  return growth;
}

void add_entries(const Metadata& metadata, MetadataEntries& out) {
  for (const auto& [name, value] : metadata) {
    kvrwset::KVMetadataEntry& entry = *out.Add();
    entry.set_name(name);
    entry.set_value(value);
  }
}

std::string encode_metadata(const MetadataEntries& entries) {
  kvrwset::KVMetadataWrite write;
  *write.mutable_entries() = entries;
  return write.SerializeAsString();
}

Result<Metadata> metadata_of(const VersionedValue& stored) {
  kvrwset::KVMetadataWrite write;
  if (!write.ParseFromString(stored.metadata)) {
    return fail(ErrorCode::kCorrupt, "the metadata of a stored value cannot be decoded");
  }
  Metadata metadata;
  for (const kvrwset::KVMetadataEntry& entry : write.entries()) {
    metadata[entry.name()] = entry.value();
  }
  return metadata;
}

}  // namespace ccbus::ledger
