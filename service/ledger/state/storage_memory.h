#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/write_buffer_manager.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "service/base/limits.h"
#include "service/base/mutex.h"

namespace ccbus::ledger {

// The memory that the databases of all channels share: one block cache for data, filters and
// indexes, to which the memtables of all databases are charged. What the memtables do not take is
// the cache's.
//
// Not in it: what a running compaction buffers, and a few KiB for each table that is open.
//
// Thread:   any.
// Lifetime: outlives the databases that use it.
class StorageMemory {
 public:
  explicit StorageMemory(std::size_t bytes = Limits{}.storage_bytes_max);
  StorageMemory(const StorageMemory&) = delete;
  StorageMemory& operator=(const StorageMemory&) = delete;

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // Memtables that are written to grow to this size together; those that are being flushed come on
  // top, and are at most as large again.
  [[nodiscard]] std::size_t memtable_bytes_max() const;

  [[nodiscard]] const std::shared_ptr<rocksdb::Cache>& block_cache() const { return block_cache_; }
  [[nodiscard]] const std::shared_ptr<rocksdb::WriteBufferManager>& write_buffers() const {
    return write_buffers_;
  }

  // The databases whose memtables make_room() flushes, with their families. The pointers stay valid
  // until remove() returns.
  void add(rocksdb::DB& database, std::vector<rocksdb::ColumnFamilyHandle*> families);
  void remove(const rocksdb::DB& database);

  // If the memtables have grown to more than their share, begins to flush the largest one of all
  // databases. To be called after each write. The largest one frees most for one table, whichever
  // channel it belongs to; RocksDB's own choice, the oldest one of the database that is written to,
  // would make many small tables.
  //
  // Blocks: while the memtable is exchanged, which waits for a write to its database that is under
  //         way. The flush runs on a thread of RocksDB; if it fails, that database's listeners hear
  //         of it. If flushes are behind by as much as the share again, until this one has ended.
  void make_room();

 private:
  struct Database {
    rocksdb::DB* database;
    std::vector<rocksdb::ColumnFamilyHandle*> families;
  };
  struct Memtable {
    std::uint64_t bytes = 0;
    rocksdb::DB* database = nullptr;
    rocksdb::ColumnFamilyHandle* family = nullptr;
  };
  [[nodiscard]] Memtable largest() const CCBUS_REQUIRES(mutex_);

  // Set once, then read only.
  const std::size_t bytes_;
  const std::shared_ptr<rocksdb::Cache> block_cache_;
  const std::shared_ptr<rocksdb::WriteBufferManager> write_buffers_;

  Mutex mutex_;
  std::vector<Database> databases_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::ledger
