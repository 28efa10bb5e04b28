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

// As the state keeps them; empty for none.
[[nodiscard]] std::string encode_metadata(const MetadataEntries& entries);

// Errors: kCorrupt where it is not what encode_metadata makes.
[[nodiscard]] Result<Metadata> metadata_of(const VersionedValue& stored);

}  // namespace ccbus::ledger
