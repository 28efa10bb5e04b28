#pragma once

#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/ordering/log/entry_rules.h"

namespace ccbus::ordering {

// What a ledger keeps of the log, in one write with the block and the position of its entry. The
// same on every replica that has applied the same entries.
struct LogState {
  std::string generation;  // Empty: the log has none.
  std::string entry_hash;  // Of the bytes at the position.
  EntryRules::Rows rows;
};

// Empty for a log without replicas. Equal states have equal bytes.
[[nodiscard]] std::string encode_log_state(const LogState& state);

// Errors: kCorrupt.
[[nodiscard]] Result<LogState> decode_log_state(std::string_view bytes);

}  // namespace ccbus::ordering
