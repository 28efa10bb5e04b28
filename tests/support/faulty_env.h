#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <memory>

namespace ccbus::test {

class FaultyFileSystem;

// A disk for RocksDB that lives in memory and can lose its power. What was synced survives; of the
// rest of a file, only as many bytes as a tear leaves. A file whose name was never synced, by its
// own sync or its directory's, is gone. Renames are atomic and survive, as journals make them.
class FaultyEnv {
 public:
  FaultyEnv();
  ~FaultyEnv();

  [[nodiscard]] rocksdb::Env* env() { return env_.get(); }

  // From now on every write fails, until power_on().
  void power_cut();

  // power_cut() in the middle of the `operations`-th write or sync from now.
  void power_cut_after(std::uint64_t operations);

  // What the disk kept is there again: whatever was synced, and up to `torn_bytes` more at the end
  // of each file. Every user of the Env must be gone.
  void power_on(std::uint64_t torn_bytes);

 private:
  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<FaultyFileSystem> files_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace ccbus::test
