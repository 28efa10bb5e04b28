#include "service/ledger/block/metadata.h"

namespace ccbus::ledger {

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
