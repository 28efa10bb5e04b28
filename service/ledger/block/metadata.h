#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// The metadata of a key, by name.
using Metadata = std::map<std::string, std::string>;

using MetadataEntries = google::protobuf::RepeatedPtrField<kvrwset::KVMetadataEntry>;

// Of several keys.
using MetadataByKey = std::map<std::string, Metadata, std::less<>>;

// Replaces the metadata of a key. Returns by how many bytes `all` has grown, negative if it has
// shrunk.
std::ptrdiff_t put_metadata(MetadataByKey& all, std::string_view key, Metadata metadata);

// The memory that an entry takes beside its key and value, estimated.
inline constexpr std::ptrdiff_t kEntryBytes = 96;

[[nodiscard]] inline std::ptrdiff_t signed_size(std::string_view bytes) {
  return static_cast<std::ptrdiff_t>(bytes.size());
}

// In byte order of the names.
void add_entries(const Metadata& metadata, MetadataEntries& out);

// As they are stored in the state; empty if there are no entries.
[[nodiscard]] std::string encode_metadata(const MetadataEntries& entries);

// Errors: kCorrupt if the bytes were not made by encode_metadata().
[[nodiscard]] Result<Metadata> metadata_of(const VersionedValue& stored);

}  // namespace ccbus::ledger
