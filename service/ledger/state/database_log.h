#pragma once

#include <rocksdb/env.h>
#include <rocksdb/listener.h>

#include <atomic>
#include <cstdarg>
#include <string>
#include <string_view>

#include "service/base/log.h"
#include "service/base/mutex.h"

namespace ccbus::ledger {

// RocksDB's log messages in the service's log. RocksDB's own log file would be on the ledger's
// disk, and the library aborts the process if it cannot write that file. Warnings and errors are
// passed on, as `rocksdb.warning` and `rocksdb.error` with the database's directory; the rest is
// dropped. A message is cut at 1,000 bytes, and control characters are escaped.
//
// Thread: any. Does no I/O of its own and never throws.
class DatabaseLog final : public rocksdb::Logger {
 public:
  // `logger` outlives it; null discards everything.
  DatabaseLog(ccbus::Logger* logger, std::string directory)
      : Logger(rocksdb::InfoLogLevel::WARN_LEVEL),
        logger_(logger),
        directory_(std::move(directory)) {}

  void LogHeader(const char*, va_list) override {}
  void Logv(const char*, va_list) override {}
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override;

  // The last message about damage; empty if there was none. RocksDB names a damaged write-ahead log
  // only there, not in the status that it returns.
  [[nodiscard]] std::string last_corruption() const;

 private:
  void keep_corruption(std::string_view message);

  ccbus::Logger* const logger_;
  const std::string directory_;
  mutable Mutex mutex_;
  std::string last_corruption_ CCBUS_GUARDED_BY(mutex_);
};

// Remembers that a flush, a compaction or a write of the database failed, and keeps RocksDB from
// resuming by itself: what a failed sync left on the disk is not known to it. The database has to
// be opened again.
//
// Thread: any.
class DatabaseFailure final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override {
    has_failed_.store(true, std::memory_order_relaxed);
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* may_resume) override {
    *may_resume = false;
  }

  [[nodiscard]] bool has_failed() const { return has_failed_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> has_failed_{false};
};

}  // namespace ccbus::ledger
