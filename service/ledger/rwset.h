#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "service/ledger/range_query_info.h"
#include "service/ledger/version.h"

namespace ccbus::ledger {

// Collects the reads, ranges and writes of one transaction. What comes out depends on what went in
// and on nothing else: namespaces and keys stand in byte order, ranges in order of first use.
class RwsetBuilder {
 public:
  // `version` is absent where the key is. Only the first read of a key counts: on one view there
  // cannot be another answer.
  void add_read(std::string_view ns, std::string_view key, const std::optional<Version>& version);

  // Last write wins; an empty value deletes.
  void add_write(std::string_view ns, std::string_view key, std::string value);

  // The recorder belongs to the builder and lives as long.
  [[nodiscard]] RangeQueryRecorder& add_range(std::string_view ns, std::string_view start,
                                              std::string_view end);

  [[nodiscard]] rwset::TxReadWriteSet build() const;

 private:
  struct Namespace {
    std::map<std::string, std::optional<Version>, std::less<>> reads;
    std::map<std::string, std::string, std::less<>> writes;  // Empty: delete.
    std::deque<RangeQueryRecorder> ranges;  // A deque, because recorders are handed out.
  };

  [[nodiscard]] Namespace& at(std::string_view ns);
  [[nodiscard]] static kvrwset::KVRWSet build(const Namespace& ns);

  std::map<std::string, Namespace, std::less<>> namespaces_;
};

// A read-write set taken apart, in the order in which it came.
struct NamespaceRwset {
  std::string ns;
  kvrwset::KVRWSet kv;
};
using TxRwset = std::vector<NamespaceRwset>;

// Nothing where the bytes are not a read-write set or hold a range that no query can give.
[[nodiscard]] std::optional<TxRwset> parse_rwset(const rwset::TxReadWriteSet& set);

// A write without a value deletes, whatever it says: so do all of Fabric's committers.
[[nodiscard]] inline bool is_delete(const kvrwset::KVWrite& write) {
  return write.is_delete() || write.value().empty();
}

[[nodiscard]] std::optional<Version> version_of(const kvrwset::KVRead& read);

}  // namespace ccbus::ledger
