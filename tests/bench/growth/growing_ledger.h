#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "service/base/ids.h"
#include "service/ledger/commit/channel_ledger.h"
#include "tests/bench/growth/transaction_stamp.h"
#include "tests/bench/statistics.h"

namespace ccbus::bench {

// The time that something took: of the clock, of this thread and of the whole process, whose other
// threads flush and compact.
struct Spent {
  std::chrono::nanoseconds elapsed{0};
  std::chrono::nanoseconds thread{0};
  std::chrono::nanoseconds process{0};
};

// The time since construction.
class Stopwatch {
 public:
  Stopwatch();
  void add_to(Spent& spent) const;

 private:
  Clock::time_point elapsed_;
  std::chrono::nanoseconds thread_;
  std::chrono::nanoseconds process_;
};

// What look-ups of a key read, on average, and the largest of them.
struct BlocksRead {
  double filter = 0;  // Filter blocks, from the file.
  double index = 0;
  double blocks = 0;  // Of all kinds.
  double bytes = 0;   // Of all kinds.
  double bytes_max = 0;
};

// One channel whose blocks of 64 transactions are committed by the thread that calls.
//
// Errors: std::runtime_error if a call fails, a transaction is not valid or a value is not the one
//         that was written.
class GrowingLedger {
 public:
  struct Options {
    ledger::ChannelLedger::Options ledger;
    TransactionStamp::Options stamp;
    bool indexes = false;  // Two, on the fields of Values::kDocuments.
  };
  static constexpr std::size_t kBlockTransactions = 64;

  // Opens the ledger, or goes on with it.
  explicit GrowingLedger(Options options);

  [[nodiscard]] std::uint64_t transactions() const;
  [[nodiscard]] std::uint64_t keys() const;
  [[nodiscard]] const ledger::ChannelLedger& ledger() const { return *ledger_; }

  // Commits one block. Making its transactions is not counted.
  void commit(Spent& spent);

  // Waits until no compaction runs.
  void settle(Spent& spent);

  // Reads `count` keys, scattered over all that there are, through the newest view.
  void read_old_keys(std::size_t count, Measurement& reads, Spent& spent);

  // Looks for keys that are there, and for transactions that are not.
  [[nodiscard]] BlocksRead look_for_keys(std::size_t count);
  [[nodiscard]] BlocksRead look_for_transactions(std::size_t count);

  // The bytes of all keys and values of one transaction's entries.
  [[nodiscard]] static double entry_bytes_of_transaction(const Options& options);
  [[nodiscard]] double block_bytes_of_transaction() const;

 private:
  void define_indexes();
  [[nodiscard]] std::uint64_t random_number();

  const Options options_;
  const TransactionStamp stamp_;
  std::unique_ptr<ledger::ChannelLedger> ledger_;
  std::uint64_t first_block_;  // Of the transactions.
  std::uint64_t random_ = 1;
};

}  // namespace ccbus::bench
