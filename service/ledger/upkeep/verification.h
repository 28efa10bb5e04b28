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

// What a verification that runs and whoever waits for it tell each other. Any thread.
struct VerificationProgress {
  std::atomic<std::uint64_t> blocks = 0;  // Looked at so far.
  std::atomic<std::uint64_t> keys = 0;    // Stored entries compared so far, of all kinds.
  std::atomic<bool> cancelled = false;
};

// What a ledger was found to be.
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

// Walks the hash chain of a ledger, rebuilds all that its blocks make in a ledger that is thrown
// away, and compares: validation codes, state, transactions, history where it is kept, and what is
// to expire. Private values do not stand in blocks; they are checked against their rebuilt hashes,
// and that each one which came is still there. The ledger goes on committing meanwhile: it is
// looked at as of the height at which this began. A history that was off for a while differs.
//
// Where the chain has a block that cannot be rebuilt from, its remaining blocks are still walked,
// and nothing else is compared; the differences say so.
//
// Thread:   any. Blocks for as long as committing everything again takes, without syncs.
// `scratch`: where the rebuilt ledger lives; made if missing, gone at the end, also after an error.
//           Nothing: in memory.
// Errors:   kExists where `scratch` holds something; kDeadline once cancelled; kIo.
//           What is damaged is a difference, not an error.
[[nodiscard]] Result<Verification> verify_ledger(
    const ChannelLedger& ledger, const std::optional<std::filesystem::path>& scratch,
    VerificationProgress& progress);

}  // namespace ccbus::ledger
