#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <memory>

namespace ccbus::test {

class FaultyFileSystem;

// A disk for RocksDB in memory that simulates a power cut. What was synced survives; of the rest of
// a file, only the first bytes that power_on() allows. A file that was never synced, and whose
// directory was not, is lost. Renames are atomic and survive, as on a journaling file system.
// RocksDB's pauses after an error take no time.
class FaultyEnv {
 public:
  FaultyEnv();
  ~FaultyEnv();

  [[nodiscard]] rocksdb::Env* env() { return env_.get(); }

  // From now on every write fails, until power_on().
  void power_cut();

  // As power_cut(), but in the middle of the `operations`-th write or sync from now.
  void power_cut_after(std::uint64_t operations);

  // What a call on the disk returns in place of doing anything.
  enum class Error { kNoSpace, kIo };

  // The `calls`-th call from now fails, whatever it does: reading, writing, syncing, opening,
  // renaming, removing, listing. If `stays`, so does every write, sync or creation after it, until
  // repair(), as on a disk that is full. One that is planned already is replaced.
  void fail_call(std::uint64_t calls, Error error, bool stays);
  void repair();

  // From now on a planned failure counts the calls of this thread alone: with the same plan the
  // same call fails, whatever RocksDB's own threads do meanwhile.
  void count_calls_of_this_thread();

  // Whether a planned failure has happened since it was planned.
  [[nodiscard]] bool has_failed() const;

  // Makes the disk usable again, with what was synced and up to `torn_bytes` more at the end of
  // each file. Nothing may use the Env any more at this time.
  void power_on(std::uint64_t torn_bytes);

 private:
  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<FaultyFileSystem> files_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace ccbus::test
