#include "service/ledger/state/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "service/base/durable_files.h"
#include "service/ledger/state/database_copy.h"
#include "service/ledger/state/database_options.h"

namespace ccbus::ledger {
namespace {

constexpr std::size_t kReadOnlyBytes = 4u << 20;
constexpr int kReadOnlyTablesOpen = 32;
constexpr std::size_t kLogNumberDigits = 6;  // At least, in the name of a write-ahead log.

struct Opened {
  rocksdb::Status status;
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // As the families.
};

// Whatever is missing is made. A new database gets its families in one go: RocksDB would write its
// options, read them again and compare for each one.
Opened open_database(const rocksdb::DBOptions& options, const std::string& path,
                     const std::vector<rocksdb::ColumnFamilyDescriptor>& families) {
  Opened opened;
  const bool is_new = options.env->FileExists(path + "/CURRENT").IsNotFound();
  if (!is_new) {
    opened.status = rocksdb::DB::Open(options, path, families, &opened.handles, &opened.db);
    return opened;
  }
  opened.status = rocksdb::DB::Open(options, path, {families.front()}, &opened.handles, &opened.db);
  if (!opened.status.ok()) return opened;
  std::vector<rocksdb::ColumnFamilyHandle*> others;
  opened.status = opened.db->CreateColumnFamilies({families.begin() + 1, families.end()}, &others);
  opened.handles.insert(opened.handles.end(), others.begin(), others.end());
  return opened;
}

// The write-ahead log that a status names by its number; empty if it names none.
std::string named_log(const std::string& message, const std::string& path) {
  constexpr std::string_view kNumber = "log number: ";
  const std::size_t at = message.find(kNumber);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + kNumber.size();
  const std::size_t end = message.find_first_not_of("0123456789", begin);
  std::string number = message.substr(begin, end - begin);
  if (number.size() < kLogNumberDigits) number.insert(0, kLogNumberDigits - number.size(), '0');
  return path + "/" + number + ".log";
}

// While it opens a database, RocksDB says "Corruption: Can't access <file>: IO error: ..." if a
// file is missing, which is damage, and also if the disk fails, which may pass.
bool is_disk_failure(const rocksdb::Status& status) {
  if (!status.IsCorruption()) return true;
  const std::string message = status.ToString();
  const auto says = [&message](std::string_view text) {
    return message.find(text) != std::string::npos;
  };
  return says("Can't access ") && says("IO error: ") && !says("No such file");
}

// RocksDB's status does not name a write-ahead log by its file.
unexpected<Error> open_failure(const rocksdb::Status& status, const std::string& path,
                               const DatabaseLog& log) {
  auto failure = store_failure(status, "cannot open the database in " + path);
  if (is_disk_failure(status)) return failure;
  std::string& message = failure.value().message;
  std::string about = named_log(message, path);
  if (about.empty()) about = log.last_corruption();
  if (!about.empty()) message += " (" + about + ")";
  return failure;
}

// Who holds the lock of a database, if it is another process. Returns nullopt if nobody does, or
// this process: closing the file again would then give up its own lock.
std::optional<Error> used_by_another(const rocksdb::Status& status, const std::string& path) {
  const std::string lock_file = path + "/LOCK";
  const std::string message = status.ToString();
  const bool is_about_lock = status.IsIOError() && message.find(lock_file) != std::string::npos;
  if (!is_about_lock || message.find("current process") != std::string::npos) return std::nullopt;
  const int file = ::open(lock_file.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool is_held = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(file);
  if (!is_held) return std::nullopt;
  // It is 0 for a process that this one cannot see, as one of another container.
  const std::string pid = lock.l_pid > 0 ? " (pid " + std::to_string(lock.l_pid) + ")" : "";
  return Error{ErrorCode::kIo, "another process" + pid + " uses the ledger in " + path};
}

Result<std::string> prepare_directory(const Store::Options& options) {
  if (!options.directory) return std::string("/ledger");
  if (options.env == nullptr) {
    if (auto made = make_directories(*options.directory); !made) return unexpected(made.error());
    if (auto own = make_private(*options.directory); !own) return unexpected(own.error());
  }
  return options.directory->string();
}

}  // namespace

unexpected<Error> store_failure(const rocksdb::Status& status, std::string_view doing) {
  const ErrorCode code = is_disk_failure(status) ? ErrorCode::kIo : ErrorCode::kCorrupt;
  return fail(code, std::string(doing) + ": " + status.ToString());
}

Result<std::shared_ptr<Store>> Store::open(const Options& options) {
  auto path = prepare_directory(options);
  if (!path) return unexpected(path.error());
  std::shared_ptr<Store> store(new Store);
  rocksdb::Env* env = options.env != nullptr ? options.env : rocksdb::Env::Default();
  if (!options.directory) {
    store->disk_in_memory_.reset(rocksdb::NewMemEnv(env));
    env = store->disk_in_memory_.get();
    static_cast<void>(env->CreateDirIfMissing(*path));  // RocksDB would log that it is missing.
  }
  store->memory_ = options.memory ? options.memory : std::make_shared<StorageMemory>();
  const auto log = std::make_shared<DatabaseLog>(options.logger, *path);
  rocksdb::DBOptions database =
      database_options({env, options.durable, options.tables_open_max, log}, *store->memory_);
  store->failure_ = std::make_shared<DatabaseFailure>();
  database.listeners.push_back(store->failure_);
  Opened opened = open_database(database, *path, family_descriptors(*store->memory_));
  store->db_.reset(opened.db);
  store->families_ = std::move(opened.handles);
  if (!opened.status.ok()) {
    const bool is_on_disk = options.directory && options.env == nullptr;
    if (auto other = is_on_disk ? used_by_another(opened.status, *path) : std::nullopt) {
      return unexpected(std::move(*other));
    }
    return open_failure(opened.status, *path, *log);
  }
  store->synced_.sync = options.durable;
  store->synced_.disableWAL = !options.durable;
  store->unsynced_.disableWAL = !options.durable;
  store->memory_->add(*store->db_, store->families_);
  return store;
}

Result<std::shared_ptr<Store>> Store::open_read_only(const std::filesystem::path& directory) {
  std::shared_ptr<Store> store(new Store);
  store->memory_ = std::make_shared<StorageMemory>(kReadOnlyBytes);
  rocksdb::DB* db = nullptr;
  const auto log = std::make_shared<DatabaseLog>(nullptr, directory.string());
  rocksdb::DBOptions options =
      database_options({rocksdb::Env::Default(), true, kReadOnlyTablesOpen, log}, *store->memory_);
  options.create_if_missing = false;
  options.create_missing_column_families = false;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(
      options, directory.string(), family_descriptors(*store->memory_), &store->families_, &db);
  if (!status.ok()) {
    return open_failure(status, directory.string(), *log);
  }
  store->db_.reset(db);
  return store;
}

Store::~Store() {
  if (!db_) return;
  memory_->remove(*db_);
  for (rocksdb::ColumnFamilyHandle* handle : families_) db_->DestroyColumnFamilyHandle(handle);
}

Result<void> Store::copy_to(const std::filesystem::path& directory,
                            const CancellationToken& cancelled) const {
  if (db_->GetEnv() != rocksdb::Env::Default()) {
    return fail(ErrorCode::kPrecondition, "the ledger is in memory, not on a disk");
  }
  return copy_database(*db_, directory, cancelled);
}

Result<std::optional<std::string>> Store::get(Family from, std::string_view key) const {
  std::string value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), family(from), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return store_failure(status, "cannot read from the database");
  return value;
}

Result<std::optional<std::string>> Store::last_key(Family from) const {
  const std::unique_ptr<rocksdb::Iterator> entries(
      db_->NewIterator(rocksdb::ReadOptions(), family(from)));
  entries->SeekToLast();
  if (entries->Valid()) return entries->key().ToString();
  if (!entries->status().ok()) {
    return store_failure(entries->status(), "cannot read from the database");
  }
  return std::nullopt;
}

// A writer must not go on after a failure: what is on the disk then is not known.
Result<void> Store::write(rocksdb::WriteBatch& batch) {
  const rocksdb::Status status = db_->Write(unsynced_, &batch);
  if (!status.ok()) return store_failure(status, "cannot write");
  memory_->make_room();
  return {};
}

StorageMetrics Store::metrics() const {
  using Properties = rocksdb::DB::Properties;
  const auto sum = [this](const std::string& property) {
    std::uint64_t value = 0;
    db_->GetAggregatedIntProperty(property, &value);  // Stays 0 if there is no such property.
    return value;
  };
  const auto whole = [this](const std::string& property) {
    std::uint64_t value = 0;
    db_->GetIntProperty(property, &value);
    return value;
  };
  StorageMetrics metrics;
  metrics.live_bytes = sum(Properties::kEstimateLiveDataSize);
  metrics.memtable_bytes = sum(Properties::kCurSizeAllMemTables);
  metrics.block_cache_bytes = whole(Properties::kBlockCacheUsage);  // One cache for all families.
  metrics.compactions_running = whole(Properties::kNumRunningCompactions);
  metrics.compaction_pending_bytes = sum(Properties::kEstimatePendingCompactionBytes);
  metrics.background_errors = whole(Properties::kBackgroundErrors);
  metrics.write_stopped = whole(Properties::kIsWriteStopped) != 0;
  return metrics;
}

// Once a flush or a compaction has failed, nothing more is written: the database is to be opened
// again first.
Result<void> Store::write_synced(rocksdb::WriteBatch& batch) {
  if (failure_ != nullptr && failure_->has_failed()) {
    return fail(ErrorCode::kIo, "RocksDB could not flush or compact the database");
  }
  const rocksdb::Status status = db_->Write(synced_, &batch);
  if (!status.ok()) return store_failure(status, "cannot write a block");
  memory_->make_room();
  return {};
}

}  // namespace ccbus::ledger
