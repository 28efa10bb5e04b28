#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::ledger {

// A small file in the database's directory with the height of the ledger. It is written after each
// block was synced and never synced itself: it may be too low after a loss of power, and never too
// high. A ledger below it has lost blocks that were acknowledged, which RocksDB does not notice if
// the end of its write-ahead log is missing.
//
// Thread: one at a time.
class SyncedHeight {
 public:
  static constexpr const char* kFileName = "synced-height";

  // Opens the file, or creates one that records nothing.
  // Blocks: on the disk. Errors: kIo with the file.
  [[nodiscard]] static Result<SyncedHeight> open(rocksdb::Env& env, const std::string& directory);

  // What the file said when it was opened; nullopt if it did not exist, or a loss of power left it
  // incomplete.
  [[nodiscard]] std::optional<std::uint64_t> found() const { return found_; }

  [[nodiscard]] const std::string& path() const { return path_; }

  // Replaces what is recorded. One write of a few bytes; no sync.
  [[nodiscard]] rocksdb::Status record(std::uint64_t height);

 private:
  SyncedHeight(std::string path, std::unique_ptr<rocksdb::RandomRWFile> file,
               std::optional<std::uint64_t> found)
      : path_(std::move(path)), file_(std::move(file)), found_(found) {}

  std::string path_;
  std::unique_ptr<rocksdb::RandomRWFile> file_;
  std::optional<std::uint64_t> found_;
};

}  // namespace ccbus::ledger
