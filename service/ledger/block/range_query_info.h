#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// Up to this many reads of one range are listed in the read set; beyond that, hashes are.
inline constexpr std::uint32_t kRangeReadsMaxDegree = 50;

// The reads of one range query, in order: raw up to `max_degree`, a Merkle summary beyond.
class RangeReads {
 public:
  // `max_degree` is at least 2 (asserted).
  explicit RangeReads(std::uint32_t max_degree);

  // Returns by how many bytes it has grown, which is negative when reads become a hash.
  std::ptrdiff_t add(std::string_view key, const Version& version);

  // Sets the reads of `info`: nothing, raw reads or a summary. Reads may be added afterwards.
  void summarize(kvrwset::RangeQueryInfo& info) const;

 private:
  using Level = std::vector<std::string>;  // Hashes, oldest first.

  std::uint32_t max_degree_;
  kvrwset::QueryReads pending_;  // Not hashed yet; at most max_degree_ between calls.
  std::ptrdiff_t pending_bytes_ = 0;
  std::vector<Level> levels_;  // Hashes not folded yet, the leaves' first.
};

// What one range query adds to the read set: the requested range, how far it was read, and the keys
// and versions found.
class RangeQueryRecorder {
 public:
  RangeQueryRecorder(std::string_view start, std::string_view end);

  // Returns by how many bytes it has grown.
  std::ptrdiff_t add(std::string_view key, const Version& version);
  void exhausted();

  // False if no result was requested: then there is nothing to validate.
  [[nodiscard]] bool used() const { return used_; }
  [[nodiscard]] kvrwset::RangeQueryInfo info() const;

 private:
  std::string start_;
  std::string end_;
  std::string last_key_;
  RangeReads reads_{kRangeReadsMaxDegree};
  bool exhausted_ = false;
  bool used_ = false;
};

}  // namespace ccbus::ledger
