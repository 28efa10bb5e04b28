#include "service/ledger/block/range_query_info.h"

#include <utility>

#include "service/base/assert.h"
#include "service/base/sha256.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/block/read_version.h"

namespace ccbus::ledger {
namespace {

std::string hash_of(const kvrwset::QueryReads& reads) {
  return sha256({reads.SerializeAsString()});
}

std::string hash_of(const std::vector<std::string>& hashes) {
  Sha256 hash;
  for (const std::string& child : hashes) hash.update(child);
  return hash.finish();
}

// Adds a leaf and folds every level that it makes too long. Level 1 is at index 0.
void add_leaf(std::vector<std::vector<std::string>>& levels, std::string leaf,
              std::size_t max_degree) {
  std::string hash = std::move(leaf);
  for (std::size_t level = 0;; ++level) {
    if (level == levels.size()) levels.emplace_back();
    levels[level].push_back(std::move(hash));
    if (levels[level].size() <= max_degree) return;
    hash = hash_of(levels[level]);
    levels[level].clear();
  }
}

// Folds everything into the top level, from below; a hash that is alone on its level goes up as it
// is. A top that this makes too long is folded once more.
void close(std::vector<std::vector<std::string>>& levels, std::size_t max_degree) {
  for (std::size_t level = 0; level + 1 < levels.size(); ++level) {
    std::vector<std::string>& hashes = levels[level];
    if (hashes.empty()) continue;
    levels[level + 1].push_back(hashes.size() == 1 ? hashes.front() : hash_of(hashes));
    hashes.clear();
  }
  if (levels.back().size() <= max_degree) return;
  std::string root = hash_of(levels.back());
  levels.back().clear();
  levels.push_back({std::move(root)});
}

}  // namespace

RangeReads::RangeReads(std::uint32_t max_degree) : max_degree_(max_degree) {
  CCBUS_ASSERT(max_degree >= 2);
}

std::ptrdiff_t RangeReads::add(std::string_view key, const Version& version) {
  kvrwset::KVRead& read = *pending_.add_kv_reads();
  read.set_key(key.data(), key.size());
  set_version(read, version);
  const std::ptrdiff_t added = static_cast<std::ptrdiff_t>(key.size()) + kEntryBytes;
  pending_bytes_ += added;
  if (static_cast<std::uint32_t>(pending_.kv_reads_size()) <= max_degree_) return added;
  add_leaf(levels_, hash_of(pending_), max_degree_);
  pending_.Clear();
  return added - std::exchange(pending_bytes_, 0);
}

void RangeReads::summarize(kvrwset::RangeQueryInfo& info) const {
  if (levels_.empty()) {
    if (pending_.kv_reads_size() > 0) *info.mutable_raw_reads() = pending_;
    return;
  }
  std::vector<Level> levels = levels_;
  if (pending_.kv_reads_size() > 0) add_leaf(levels, hash_of(pending_), max_degree_);
  close(levels, max_degree_);
  kvrwset::QueryReadsMerkleSummary& summary = *info.mutable_reads_merkle_hashes();
  summary.set_max_degree(max_degree_);
  summary.set_max_level(static_cast<std::uint32_t>(levels.size()));
  for (std::string& hash : levels.back()) summary.add_max_level_hashes(std::move(hash));
}

RangeQueryRecorder::RangeQueryRecorder(std::string_view start, std::string_view end)
    : start_(start), end_(end) {}

std::ptrdiff_t RangeQueryRecorder::add(std::string_view key, const Version& version) {
  used_ = true;
  last_key_.assign(key);
  return reads_.add(key, version);
}

void RangeQueryRecorder::exhausted() {
  used_ = true;
  exhausted_ = true;
}

kvrwset::RangeQueryInfo RangeQueryRecorder::info() const {
  kvrwset::RangeQueryInfo info;
  info.set_start_key(start_);
  info.set_end_key(exhausted_ ? end_ : last_key_);
  info.set_itr_exhausted(exhausted_);
  reads_.summarize(info);
  return info;
}

}  // namespace ccbus::ledger
