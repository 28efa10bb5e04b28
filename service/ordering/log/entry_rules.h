#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "service/base/ordered_batch.h"
#include "service/ordering/log/entry.h"

namespace ccbus::ordering {

// Which entries of a log count: each of a replica's exactly once and in its order, however often it
// was appended. A replica appends again whatever it does not see applied; what stands in the log
// twice, or behind a gap, or from before the replica's newest Join, is passed over by all replicas
// alike.
//
// Pure, and part of what replicas have in common: its rows are kept with the ledger's position.
class EntryRules {
 public:
  // How far a replica's entries are applied.
  struct Row {
    std::uint64_t epoch = 0;     // The position of its newest Join.
    std::uint64_t sequence = 0;  // Of its last entry that counted.
    std::string nonce = {};      // Of its newest Join, which counts once as well.
    bool operator==(const Row&) const = default;
  };
  using Rows = std::map<std::string, Row>;

  EntryRules() = default;
  explicit EntryRules(Rows rows) : rows_(std::move(rows)) {}

  enum class Verdict {
    kApply,
    kDuplicate,  // It, or what took its place, counted before.
    kGap,        // One before it is missing: who has appended it appends both again.
    kFenced,     // Its replica has joined again since, has left, or never joined. Of a Join: the
                 // replica's epoch is not the one that it names.
  };

  // Judges the entry at this position, the next one that is read; it is no Genesis. After kApply it
  // has counted.
  [[nodiscard]] Verdict judge(LogPosition at, const Entry& entry);

  [[nodiscard]] const Rows& rows() const { return rows_; }

 private:
  Rows rows_;
};

}  // namespace ccbus::ordering
