#pragma once

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/ledger/state/storage_metrics.h"

namespace ccbus::ledger {

// The column families of a channel's database.
enum class Family {
  kMeta,
  kState,
  kBlocks,
  kTransactions,
  kHistory,
  kPrivateWrites,
  kExpiry,
  kIndexes,
};
inline constexpr std::size_t kFamilies = 8;

[[nodiscard]] inline rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
[[nodiscard]] inline std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

// `doing` completes the sentence "<doing>: <what RocksDB says>".
[[nodiscard]] unexpected<Error> store_failure(const rocksdb::Status& status,
                                              std::string_view doing);

// One open database: what all of a channel's readers and its one writer share. README.md says why
// it is set up as it is.
//
// Thread: any; writes come from one at a time.
// Errors: kIo, kCorrupt.
class Store {
 public:
  struct Options {
    std::optional<std::filesystem::path> directory;  // Nothing: in memory.
    std::size_t block_cache_bytes;
    rocksdb::Env* env;    // Null: the system's. Not owned.
    bool durable = true;  // Off: no write is logged or synced; closing may lose all of them.
  };

  // Makes what is missing: the directory, the database, column families.
  [[nodiscard]] static Result<std::shared_ptr<Store>> open(const Options& options);

  // One that is on the disk, complete and in nobody else's hands. Its directory stays as it is; to
  // write is an error.
  [[nodiscard]] static Result<std::shared_ptr<Store>> open_read_only(
      const std::filesystem::path& directory);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] rocksdb::DB& db() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }

  // Makes `directory` a copy of the database as it is at some moment of the call, while the writer
  // goes on. Files that never change are shared with it by hard links where that is possible. The
  // directory must not exist; its parent must.
  // Blocks: on a flush of what is in memory only.
  // Errors: kPrecondition the store is not on the system's disk; kIo.
  [[nodiscard]] Result<void> copy_to(const std::filesystem::path& directory) const;

  // Any thread.
  [[nodiscard]] StorageMetrics metrics() const;

  // Nothing where the key is absent.
  [[nodiscard]] Result<std::optional<std::string>> get(Family family, std::string_view key) const;

  // The largest key; nothing in an empty family.
  [[nodiscard]] Result<std::optional<std::string>> last_key(Family family) const;

  // All or nothing. Lost with the power unless something was synced since.
  [[nodiscard]] Result<void> write(rocksdb::WriteBatch& batch);

  // All or nothing, and on the disk when it returns, in a durable store.
  [[nodiscard]] Result<void> write_synced(rocksdb::WriteBatch& batch);

 private:
  Store() = default;

  // Set once, then read only. The database goes before the Env it works in.
  rocksdb::WriteOptions unsynced_;
  rocksdb::WriteOptions synced_;
  std::unique_ptr<rocksdb::Env> memory_;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families_{};
};

}  // namespace ccbus::ledger
