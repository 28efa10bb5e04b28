#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// Collects what one transaction reads and writes in one collection. It makes two sets: the hashes,
// which go into the block, and the writes themselves. Both are in byte order of the keys.
class CollectionRwset {
 public:
  // All four return by how many bytes the set has grown, negative if it has shrunk. Only the first
  // read of a key is recorded.
  std::ptrdiff_t add_read(std::string_view key, const std::optional<Version>& version);

  // Last write wins; an empty value deletes.
  std::ptrdiff_t add_write(std::string_view key, std::string value);
  std::ptrdiff_t add_purge(std::string_view key);
  std::ptrdiff_t add_metadata_write(std::string_view key, Metadata metadata);

  [[nodiscard]] bool has_writes() const { return !writes_.empty() || !metadata_writes_.empty(); }

  // pvt_rwset_hash is set only if there are writes.
  [[nodiscard]] rwset::CollectionHashedReadWriteSet build_hashed(const std::string& name) const;

  // The set whose hash is pvt_rwset_hash. Of a metadata write it holds only the key.
  [[nodiscard]] rwset::CollectionPvtReadWriteSet build_private(const std::string& name) const;

 private:
  struct Write {
    std::string value;  // Empty: delete.
    bool is_purge = false;
  };

  std::ptrdiff_t set_write(std::string_view key, Write write);
  [[nodiscard]] std::string encoded_writes() const;

  std::map<std::string, std::optional<Version>, std::less<>> reads_;
  std::map<std::string, Write, std::less<>> writes_;
  MetadataByKey metadata_writes_;
};

}  // namespace ccbus::ledger
