#include "service/ledger/state/storage_memory.h"

#include <algorithm>
#include <utility>

namespace ccbus::ledger {
namespace {

// RocksDB would choose by the size of the cache, and would make shards that are smaller than what
// they have to hold. Few threads read at a time.
constexpr int kShardBits = 2;

// A full cache evicts; it does not fail a read whose blocks do not fit.
constexpr bool kStrictCapacity = false;

// Filters and indexes are needed by every look-up, a block of data by few.
constexpr double kShareOfFiltersAndIndexes = 0.8;

// No memtable is ever flushed for this size: make_room() decides.
constexpr std::size_t kNoLimit = std::size_t{1} << 60;

}  // namespace

StorageMemory::StorageMemory(std::size_t bytes)
    : bytes_(bytes),
      block_cache_(
          rocksdb::NewLRUCache(bytes, kShardBits, kStrictCapacity, kShareOfFiltersAndIndexes)),
      write_buffers_(std::make_shared<rocksdb::WriteBufferManager>(kNoLimit, block_cache_)) {}

std::size_t StorageMemory::memtable_bytes_max() const {
  return bytes_ / 3;
}

void StorageMemory::add(rocksdb::DB& database, std::vector<rocksdb::ColumnFamilyHandle*> families) {
  const MutexLock lock(mutex_);
  databases_.push_back({&database, std::move(families)});
}

void StorageMemory::remove(const rocksdb::DB& database) {
  const MutexLock lock(mutex_);
  std::erase_if(databases_, [&](const Database& one) { return one.database == &database; });
}

StorageMemory::Memtable StorageMemory::largest() const {
  Memtable largest;
  for (const Database& one : databases_) {
    for (rocksdb::ColumnFamilyHandle* family : one.families) {
      std::uint64_t bytes = 0;
      one.database->GetIntProperty(family, rocksdb::DB::Properties::kCurSizeActiveMemTable, &bytes);
      if (bytes > largest.bytes) largest = {bytes, one.database, family};
    }
  }
  return largest;
}

void StorageMemory::make_room() {
  if (write_buffers_->mutable_memtable_memory_usage() <= memtable_bytes_max()) return;
  const MutexLock lock(mutex_);
  if (write_buffers_->mutable_memtable_memory_usage() <= memtable_bytes_max()) return;
  const Memtable memtable = largest();
  if (memtable.database == nullptr) return;
  rocksdb::FlushOptions options;
  options.wait = write_buffers_->memory_usage() > 2 * memtable_bytes_max();
  options.allow_write_stall = true;  // Otherwise this waits for flushes and compactions.
  memtable.database->Flush(options, memtable.family).PermitUncheckedError();
}

}  // namespace ccbus::ledger
