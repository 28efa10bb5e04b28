#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/block/private_rwset.h"
#include "service/ledger/block/range_query_info.h"
#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// Collects the reads, ranges and writes of one transaction. What comes out depends on what went in
// and on nothing else: namespaces, collections and keys stand in byte order, ranges in order of
// first use.
class RwsetBuilder {
 public:
  // The first three return by how many bytes the set has grown, negative if it has shrunk.

  // `version` is nullopt if the key does not exist. Only the first read of a key is recorded: every
  // read of it on one view gives the same.
  std::ptrdiff_t add_read(std::string_view ns, std::string_view key,
                          const std::optional<Version>& version);

  // Last write wins; an empty value deletes.
  std::ptrdiff_t add_write(std::string_view ns, std::string_view key, std::string value);

  // Last write wins; empty metadata remove those that the key has.
  std::ptrdiff_t add_metadata_write(std::string_view ns, std::string_view key, Metadata metadata);

  // The caller may record after the builder has gone, but not while build() runs.
  [[nodiscard]] std::shared_ptr<RangeQueryRecorder> add_range(std::string_view ns,
                                                              std::string_view start,
                                                              std::string_view end);

  // The reads and writes of one collection. The builder owns them.
  [[nodiscard]] CollectionRwset& collection(std::string_view ns, std::string_view collection);

  [[nodiscard]] rwset::TxReadWriteSet build() const;

  // The private writes. Collections that were only read are left out.
  [[nodiscard]] rwset::TxPvtReadWriteSet build_private() const;

 private:
  struct Namespace {
    explicit Namespace(std::pmr::memory_resource* memory) : reads(memory), writes(memory) {}

    std::pmr::map<std::pmr::string, std::optional<Version>, std::less<>> reads;
    std::pmr::map<std::pmr::string, std::string, std::less<>> writes;  // Empty: delete.
    MetadataByKey metadata_writes;
    std::map<std::string, CollectionRwset, std::less<>> collections;
    std::vector<std::shared_ptr<RangeQueryRecorder>> ranges;
  };

  [[nodiscard]] Namespace& at(std::string_view ns);
  [[nodiscard]] static kvrwset::KVRWSet build(const Namespace& ns);

  std::pmr::monotonic_buffer_resource
      memory_;  // For what each request adds; freed with the builder.
  std::map<std::string, Namespace, std::less<>> namespaces_;
};

// A decoded read-write set, in the order in which it was encoded.
struct HashedCollection {
  std::string name;
  kvrwset::HashedRWSet hashed;
  std::string private_rwset_hash;  // Empty if nothing was written.
};
struct NamespaceRwset {
  std::string ns;
  kvrwset::KVRWSet kv;
  std::vector<HashedCollection> collections;
};
using TxRwset = std::vector<NamespaceRwset>;

// Returns nullopt if the bytes are not a read-write set, or hold a range that no query can produce
// or a hash that is not 32 bytes long.
[[nodiscard]] std::optional<TxRwset> parse_rwset(const rwset::TxReadWriteSet& set);

// A write without a value deletes, even if is_delete is not set, as in Fabric's committers.
[[nodiscard]] inline bool is_delete(const kvrwset::KVWrite& write) {
  return write.is_delete() || write.value().empty();
}

// True as well for a missing value hash and for the hash of an empty value.
[[nodiscard]] bool is_delete(const kvrwset::KVWriteHash& write);

}  // namespace ccbus::ledger
