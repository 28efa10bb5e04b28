#pragma once

#include <deque>
#include <functional>
#include <map>
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
  // `version` is absent where the key is. Only the first read of a key counts: on one view there
  // cannot be another answer.
  void add_read(std::string_view ns, std::string_view key, const std::optional<Version>& version);

  // Last write wins; an empty value deletes.
  void add_write(std::string_view ns, std::string_view key, std::string value);

  // Last write wins; no metadata removes what the key has.
  void add_metadata_write(std::string_view ns, std::string_view key, Metadata metadata);

  // The recorder belongs to the builder and lives as long.
  [[nodiscard]] RangeQueryRecorder& add_range(std::string_view ns, std::string_view start,
                                              std::string_view end);

  // For what is read and written in a collection; belongs to the builder.
  [[nodiscard]] CollectionRwset& collection(std::string_view ns, std::string_view collection);

  [[nodiscard]] rwset::TxReadWriteSet build() const;

  // Only of collections that were written to.
  [[nodiscard]] rwset::TxPvtReadWriteSet build_private() const;

 private:
  struct Namespace {
    explicit Namespace(std::pmr::memory_resource* memory) : reads(memory), writes(memory) {}

    std::pmr::map<std::pmr::string, std::optional<Version>, std::less<>> reads;
    std::pmr::map<std::pmr::string, std::string, std::less<>> writes;  // Empty: delete.
    std::map<std::string, Metadata, std::less<>> metadata_writes;
    std::map<std::string, CollectionRwset, std::less<>> collections;
    std::deque<RangeQueryRecorder> ranges;  // A deque, because recorders are handed out.
  };

  [[nodiscard]] Namespace& at(std::string_view ns);
  [[nodiscard]] static kvrwset::KVRWSet build(const Namespace& ns);

  std::pmr::monotonic_buffer_resource memory_;  // Of what each request adds: gone with the builder.
  std::map<std::string, Namespace, std::less<>> namespaces_;
};

// A read-write set taken apart, in the order in which it came.
struct HashedCollection {
  std::string name;
  kvrwset::HashedRWSet hashed;
  std::string private_rwset_hash;  // Empty where nothing was written.
};
struct NamespaceRwset {
  std::string ns;
  kvrwset::KVRWSet kv;
  std::vector<HashedCollection> collections;
};
using TxRwset = std::vector<NamespaceRwset>;

// Nothing where the bytes are not a read-write set, or hold a range that no query can give or a
// hash that is none.
[[nodiscard]] std::optional<TxRwset> parse_rwset(const rwset::TxReadWriteSet& set);

// A write without a value deletes, whatever it says: so do all of Fabric's committers.
[[nodiscard]] inline bool is_delete(const kvrwset::KVWrite& write) {
  return write.is_delete() || write.value().empty();
}

// Nor does it matter which way the hash of a write says so.
[[nodiscard]] bool is_delete(const kvrwset::KVWriteHash& write);

}  // namespace ccbus::ledger
