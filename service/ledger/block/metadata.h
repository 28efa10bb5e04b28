#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <map>
#include <string>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// The metadata of a key, by name.
using Metadata = std::map<std::string, std::string>;

using MetadataEntries = google::protobuf::RepeatedPtrField<kvrwset::KVMetadataEntry>;

// In byte order of the names.
void add_entries(const Metadata& metadata, MetadataEntries& out);

// As they are stored in the state; empty if there are no entries.
[[nodiscard]] std::string encode_metadata(const MetadataEntries& entries);

// Errors: kCorrupt if the bytes were not made by encode_metadata().
[[nodiscard]] Result<Metadata> metadata_of(const VersionedValue& stored);

}  // namespace ccbus::ledger
