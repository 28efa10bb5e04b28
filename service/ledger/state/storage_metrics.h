#pragma once

#include <cstdint>

namespace ccbus::ledger {

// What RocksDB reports about one channel's database, all column families together.
struct StorageMetrics {
  std::uint64_t live_bytes = 0;      // Estimated size of the live data in tables.
  std::uint64_t memtable_bytes = 0;  // Not written to a table yet.
  std::uint64_t block_cache_bytes = 0;
  std::uint64_t compactions_running = 0;
  std::uint64_t compaction_pending_bytes = 0;
  std::uint64_t background_errors = 0;
  bool write_stopped = false;  // Until compaction has caught up.
};

}  // namespace ccbus::ledger
