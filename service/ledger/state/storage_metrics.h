#pragma once

#include <cstdint>

namespace ccbus::ledger {

// What RocksDB says of one channel's database, all column families together.
struct StorageMetrics {
  std::uint64_t live_bytes = 0;      // Of the tables on the disk, without what nobody needs.
  std::uint64_t memtable_bytes = 0;  // Written, in the log, and not in a table yet.
  std::uint64_t block_cache_bytes = 0;
  std::uint64_t compactions_running = 0;
  std::uint64_t compaction_pending_bytes = 0;
  std::uint64_t background_errors = 0;
  bool write_stopped = false;  // Until compaction has caught up.
};

}  // namespace ccbus::ledger
