#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::ledger {

// Shared by a running verification and the thread that waits for it. Any thread.
struct VerificationProgress {
  std::atomic<std::uint64_t> blocks = 0;  // Checked so far.
  std::atomic<std::uint64_t> keys = 0;    // Stored entries compared so far, of all kinds.
  std::atomic<bool> cancelled = false;
};

// The result of a verification.
struct Verification {
  static constexpr std::size_t kDifferencesListed = 100;

  std::uint64_t blocks = 0;
  std::uint64_t transactions = 0;    // Valid or not.
  std::uint64_t keys = 0;            // Of the public state, and hashes of private keys.
  std::uint64_t private_values = 0;  // Of the private state.
  std::string last_block_hash;       // 32 bytes; empty without blocks.
  std::uint64_t differences_count = 0;
  std::vector<std::string> differences;  // The first of them, for people; no values.

  void differs(std::string what);
};

// Walks the hash chain of a ledger, commits its blocks to a temporary ledger, and compares:
// validation codes, state, transactions, history if it is kept, and expiry. Private values are not
// in blocks: they are compared with their rebuilt hashes, and each one that came with its
// transaction must exist. The ledger may go on committing; it is verified as of the height at which
// this began. If the history was switched off for some time, it differs.
//
// If a block cannot be decoded or is missing, the rest of the chain is still walked, but nothing
// else is compared; the differences say so.
//
// Thread:   any. Blocks as long as it takes to commit everything again, without syncs.
// `scratch`: the directory of the rebuilt ledger; created if missing, removed at the end, also
//            after an error. nullopt: in memory.
// Errors:   kExists if `scratch` is not empty; kDeadline once cancelled; kIo. Damage is a
//           difference, not an error.
[[nodiscard]] Result<Verification> verify_ledger(
    const ChannelLedger& ledger, const std::optional<std::filesystem::path>& scratch,
    VerificationProgress& progress);

}  // namespace ccbus::ledger
