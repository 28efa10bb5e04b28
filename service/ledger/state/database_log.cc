#include "service/ledger/state/database_log.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace ccbus::ledger {
namespace {

constexpr std::size_t kMessageBytesMax = 1000;

}  // namespace

void DatabaseLog::Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) {
  const bool is_error =
      level == rocksdb::InfoLogLevel::ERROR_LEVEL || level == rocksdb::InfoLogLevel::FATAL_LEVEL;
  if (!is_error && level != rocksdb::InfoLogLevel::WARN_LEVEL) return;
  try {
    std::array<char, kMessageBytesMax + 1> text{};
    const int length = std::vsnprintf(text.data(), text.size(), format, arguments);
    if (length < 0) return;
    std::string_view message(text.data(),
                             std::min(static_cast<std::size_t>(length), kMessageBytesMax));
    while (!message.empty() && message.back() == '\n') message.remove_suffix(1);
    keep_corruption(message);
    if (logger_ == nullptr) return;
    if (is_error) {
      logger_->error("rocksdb.error directory={:?} message={:?}", directory_, message);
    } else {
      logger_->warn("rocksdb.warning directory={:?} message={:?}", directory_, message);
    }
  } catch (...) {
    // RocksDB calls this while it handles errors of its own, and cannot handle one more.
  }
}

// A message begins with its place in RocksDB's source: "[db/db_impl/db_impl_open.cc:100] ".
void DatabaseLog::keep_corruption(std::string_view message) {
  const auto has = [message](std::string_view part) {
    return message.find(part) != std::string_view::npos;
  };
  if (!has("Corruption") || has("DB::Open() failed")) return;  // The latter is the status again.
  if (const std::size_t place = message.find("] ");
      message.front() == '[' && place < message.size()) {
    message.remove_prefix(place + 2);
  }
  const MutexLock lock(mutex_);
  last_corruption_ = message;
}

std::string DatabaseLog::last_corruption() const {
  const MutexLock lock(mutex_);
  return last_corruption_;
}

}  // namespace ccbus::ledger
