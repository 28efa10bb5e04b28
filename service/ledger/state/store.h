#pragma once

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/cancellation.h"
#include "service/base/log.h"
#include "service/base/result.h"
#include "service/ledger/state/database_log.h"
#include "service/ledger/state/family.h"
#include "service/ledger/state/storage_memory.h"
#include "service/ledger/state/storage_metrics.h"

namespace ccbus::ledger {

[[nodiscard]] inline rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
[[nodiscard]] inline std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

// `doing` completes the sentence "<doing>: <what RocksDB says>".
[[nodiscard]] unexpected<Error> store_failure(const rocksdb::Status& status,
                                              std::string_view doing);

// One open database, shared by a channel's readers and its one writer. service/ledger/README.md
// explains the options.
//
// Thread: any; one at a time for writes.
// Errors: kIo, kCorrupt.
class Store {
 public:
  struct Options {
    std::optional<std::filesystem::path> directory;  // nullopt: in memory.
    std::shared_ptr<StorageMemory> memory = {};      // Of several stores; null: one of its own.
    rocksdb::Env* env = nullptr;                     // Null: the system's. Not owned.
    int tables_open_max = 512;  // Files of tables that it holds open; other files come on top.
    bool durable = true;        // Off: no write is logged or synced; closing may lose all of them.
    Logger* logger = nullptr;   // For RocksDB's warnings and errors; null: they are discarded.
  };

  // Creates what is missing: the directory, the database, column families.
  [[nodiscard]] static Result<std::shared_ptr<Store>> open(const Options& options);

  // Opens a complete database on the disk that no other process has open. Nothing in its directory
  // is changed; writing to it is an error.
  [[nodiscard]] static Result<std::shared_ptr<Store>> open_read_only(
      const std::filesystem::path& directory);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] rocksdb::DB& db() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }

  // Copies the database: see copy_database().
  // Errors: also kPrecondition, if the store is not on the system's disk.
  [[nodiscard]] Result<void> copy_to(const std::filesystem::path& directory,
                                     const CancellationToken& cancelled) const;

  // Any thread.
  [[nodiscard]] StorageMetrics metrics() const;

  // Returns nullopt if there is no such key.
  [[nodiscard]] Result<std::optional<std::string>> get(Family family, std::string_view key) const;

  // The largest key; nullopt if the family is empty.
  [[nodiscard]] Result<std::optional<std::string>> last_key(Family family) const;

  // Atomic. A loss of power may undo it until the next synced write.
  [[nodiscard]] Result<void> write(rocksdb::WriteBatch& batch);

  // Atomic, and on the disk when it returns if the store is durable.
  [[nodiscard]] Result<void> write_synced(rocksdb::WriteBatch& batch);

 private:
  Store() = default;

  // Set once, then read only. The database is destroyed before its Env and its memory.
  std::shared_ptr<StorageMemory> memory_;
  rocksdb::WriteOptions unsynced_;
  rocksdb::WriteOptions synced_;
  std::unique_ptr<rocksdb::Env> disk_in_memory_;
  std::shared_ptr<DatabaseFailure> failure_;  // Null if opened for reading only.
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // By Family; as many as were opened.
};

}  // namespace ccbus::ledger
