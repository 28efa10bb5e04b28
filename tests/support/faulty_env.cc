#include "tests/support/faulty_env.h"

#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ccbus::test {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

std::string directory_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

// Keeps for each file how much of it is safe.
class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(const std::shared_ptr<rocksdb::FileSystem>& memory)
      : FileSystemWrapper(memory) {}

  const char* Name() const override { return "FaultyFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* debug) override;
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                        IODebugContext* debug) override;
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override;
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* debug) override;
  IOStatus NewSequentialFile(const std::string& path, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file,
                             IODebugContext* debug) override;
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                               IODebugContext* debug) override;
  IOStatus NewRandomRWFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                           IODebugContext* debug) override;
  IOStatus FileExists(const std::string& path, const IOOptions& options,
                      IODebugContext* debug) override;
  IOStatus GetChildren(const std::string& path, const IOOptions& options,
                       std::vector<std::string>* names, IODebugContext* debug) override;
  IOStatus GetFileSize(const std::string& path, const IOOptions& options, std::uint64_t* bytes,
                       IODebugContext* debug) override;
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              IODebugContext* debug) override;
  IOStatus LockFile(const std::string& path, const IOOptions& options, rocksdb::FileLock** lock,
                    IODebugContext* debug) override;

  // Called at the beginning of each call; an error is to be returned in place of the call. Counts
  // down to the planned cut of power (changes only) and to the planned error.
  IOStatus begin_change();
  IOStatus begin_read();
  void fail_call(std::uint64_t calls, FaultyEnv::Error error, bool stays);
  void repair();
  void count_calls_of(std::thread::id thread);
  bool has_failed() const;
  void set_steps(std::uint64_t steps);
  void synced(const std::string& path, std::uint64_t bytes);
  void directory_synced(const std::string& path);
  void restore(std::uint64_t torn_bytes);

 private:
  struct Kept {
    std::uint64_t synced_bytes = 0;
    bool has_name = false;  // Its directory entry is safe.
  };

  void restore(const std::string& path, std::uint64_t bytes);

  // These two need the lock.
  IOStatus planned_error(bool is_change);
  IOStatus error() const;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Kept> kept_;
  std::uint64_t steps_left_ = kNever;
  std::uint64_t calls_left_ = kNever;  // To the planned error.
  FaultyEnv::Error error_ = FaultyEnv::Error::kIo;
  bool error_stays_ = false;
  bool has_failed_ = false;
  std::optional<std::thread::id> counted_;  // Whose calls count; nullopt: everybody's.
};

namespace {

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(FaultyFileSystem& files, std::string path,
             std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), files_(files), path_(std::move(path)) {}

  using FSWritableFileOwnerWrapper::Append;

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (const IOStatus failed = files_.begin_change(); !failed.ok()) return failed;
    bytes_ += data.size();
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }

  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (const IOStatus failed = files_.begin_change(); !failed.ok()) return failed;
    files_.synced(path_, bytes_);
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  FaultyFileSystem& files_;
  const std::string path_;
  std::uint64_t bytes_ = 0;
};

class FaultySequentialFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  FaultySequentialFile(FaultyFileSystem& files, std::unique_ptr<rocksdb::FSSequentialFile> file)
      : FSSequentialFileOwnerWrapper(std::move(file)), files_(files) {}

  IOStatus Read(std::size_t bytes, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) override {
    if (const IOStatus failed = files_.begin_read(); !failed.ok()) return failed;
    return FSSequentialFileOwnerWrapper::Read(bytes, options, result, scratch, debug);
  }

 private:
  FaultyFileSystem& files_;
};

class FaultyRandomAccessFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  FaultyRandomAccessFile(FaultyFileSystem& files, std::unique_ptr<rocksdb::FSRandomAccessFile> file)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), files_(files) {}

  IOStatus Read(std::uint64_t offset, std::size_t bytes, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* debug) const override {
    if (const IOStatus failed = files_.begin_read(); !failed.ok()) return failed;
    return FSRandomAccessFileOwnerWrapper::Read(offset, bytes, options, result, scratch, debug);
  }

 private:
  FaultyFileSystem& files_;
};

class FaultyRandomRWFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  FaultyRandomRWFile(FaultyFileSystem& files, std::unique_ptr<rocksdb::FSRandomRWFile> file)
      : FSRandomRWFileOwnerWrapper(std::move(file)), files_(files) {}

  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions& options,
                 IODebugContext* debug) override {
    if (const IOStatus failed = files_.begin_change(); !failed.ok()) return failed;
    return FSRandomRWFileOwnerWrapper::Write(offset, data, options, debug);
  }

  IOStatus Read(std::uint64_t offset, std::size_t bytes, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* debug) const override {
    if (const IOStatus failed = files_.begin_read(); !failed.ok()) return failed;
    return FSRandomRWFileOwnerWrapper::Read(offset, bytes, options, result, scratch, debug);
  }

 private:
  FaultyFileSystem& files_;
};

class FaultyDirectory final : public rocksdb::FSDirectory {
 public:
  FaultyDirectory(FaultyFileSystem& files, std::string path)
      : files_(files), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    if (const IOStatus failed = files_.begin_change(); !failed.ok()) return failed;
    files_.directory_synced(path_);
    return IOStatus::OK();
  }

 private:
  FaultyFileSystem& files_;
  const std::string path_;
};

// After an error RocksDB's threads pause for a second, which a test would wait for.
class PauselessClock final : public rocksdb::SystemClockWrapper {
 public:
  PauselessClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "PauselessClock"; }
  void SleepForMicroseconds(int) override { std::this_thread::yield(); }
};

class PauselessEnv final : public rocksdb::EnvWrapper {
 public:
  explicit PauselessEnv(const std::shared_ptr<rocksdb::FileSystem>& files)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = files;
    system_clock_ = std::make_shared<PauselessClock>();
  }
};

}  // namespace

IOStatus FaultyFileSystem::NewWritableFile(const std::string& path, const FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           IODebugContext* debug) {
  if (const IOStatus failed = begin_change(); !failed.ok()) return failed;
  std::unique_ptr<rocksdb::FSWritableFile> made;
  const IOStatus status = FileSystemWrapper::NewWritableFile(path, options, &made, debug);
  if (!status.ok()) return status;
  const std::lock_guard lock(mutex_);
  kept_[path] = Kept{};
  *file = std::make_unique<FaultyFile>(*this, path, std::move(made));
  return status;
}

IOStatus FaultyFileSystem::NewDirectory(const std::string& path, const IOOptions&,
                                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                                        IODebugContext*) {
  *directory = std::make_unique<FaultyDirectory>(*this, path);
  return IOStatus::OK();
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  if (const IOStatus failed = begin_change(); !failed.ok()) return failed;
  const IOStatus status = FileSystemWrapper::RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  const std::lock_guard lock(mutex_);
  Kept kept = kept_[from];
  kept.has_name = true;
  kept_.erase(from);
  kept_[to] = kept;
  return status;
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& path, const IOOptions& options,
                                      IODebugContext* debug) {
  if (const IOStatus failed = begin_change(); !failed.ok()) return failed;
  const IOStatus status = FileSystemWrapper::DeleteFile(path, options, debug);
  const std::lock_guard lock(mutex_);
  if (status.ok()) kept_.erase(path);
  return status;
}

IOStatus FaultyFileSystem::NewSequentialFile(const std::string& path, const FileOptions& options,
                                             std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                             IODebugContext* debug) {
  if (const IOStatus failed = begin_read(); !failed.ok()) return failed;
  std::unique_ptr<rocksdb::FSSequentialFile> opened;
  const IOStatus status = FileSystemWrapper::NewSequentialFile(path, options, &opened, debug);
  if (status.ok()) *file = std::make_unique<FaultySequentialFile>(*this, std::move(opened));
  return status;
}

IOStatus FaultyFileSystem::NewRandomAccessFile(const std::string& path, const FileOptions& options,
                                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                               IODebugContext* debug) {
  if (const IOStatus failed = begin_read(); !failed.ok()) return failed;
  std::unique_ptr<rocksdb::FSRandomAccessFile> opened;
  const IOStatus status = FileSystemWrapper::NewRandomAccessFile(path, options, &opened, debug);
  if (status.ok()) *file = std::make_unique<FaultyRandomAccessFile>(*this, std::move(opened));
  return status;
}

IOStatus FaultyFileSystem::NewRandomRWFile(const std::string& path, const FileOptions& options,
                                           std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                           IODebugContext* debug) {
  if (const IOStatus failed = begin_read(); !failed.ok()) return failed;
  std::unique_ptr<rocksdb::FSRandomRWFile> opened;
  const IOStatus status = FileSystemWrapper::NewRandomRWFile(path, options, &opened, debug);
  if (status.ok()) *file = std::make_unique<FaultyRandomRWFile>(*this, std::move(opened));
  return status;
}

IOStatus FaultyFileSystem::FileExists(const std::string& path, const IOOptions& options,
                                      IODebugContext* debug) {
  if (const IOStatus failed = begin_read(); !failed.ok()) return failed;
  return FileSystemWrapper::FileExists(path, options, debug);
}

IOStatus FaultyFileSystem::GetChildren(const std::string& path, const IOOptions& options,
                                       std::vector<std::string>* names, IODebugContext* debug) {
  if (const IOStatus failed = begin_read(); !failed.ok()) return failed;
  return FileSystemWrapper::GetChildren(path, options, names, debug);
}

IOStatus FaultyFileSystem::GetFileSize(const std::string& path, const IOOptions& options,
                                       std::uint64_t* bytes, IODebugContext* debug) {
  if (const IOStatus failed = begin_read(); !failed.ok()) return failed;
  return FileSystemWrapper::GetFileSize(path, options, bytes, debug);
}

IOStatus FaultyFileSystem::CreateDirIfMissing(const std::string& path, const IOOptions& options,
                                              IODebugContext* debug) {
  if (const IOStatus failed = begin_change(); !failed.ok()) return failed;
  return FileSystemWrapper::CreateDirIfMissing(path, options, debug);
}

IOStatus FaultyFileSystem::LockFile(const std::string& path, const IOOptions& options,
                                    rocksdb::FileLock** lock, IODebugContext* debug) {
  if (const IOStatus failed = begin_read(); !failed.ok()) return failed;
  return FileSystemWrapper::LockFile(path, options, lock, debug);
}

IOStatus FaultyFileSystem::begin_change() {
  const std::lock_guard lock(mutex_);
  if (steps_left_ == 0) return IOStatus::IOError("no power");
  if (steps_left_ != kNever) --steps_left_;
  return planned_error(true);
}

IOStatus FaultyFileSystem::begin_read() {
  const std::lock_guard lock(mutex_);
  return planned_error(false);
}

IOStatus FaultyFileSystem::planned_error(bool is_change) {
  if (has_failed_ && error_stays_ && is_change) return error();
  if (calls_left_ == kNever || (counted_ && *counted_ != std::this_thread::get_id())) {
    return IOStatus::OK();
  }
  if (calls_left_ > 0) {
    --calls_left_;
    return IOStatus::OK();
  }
  calls_left_ = kNever;
  has_failed_ = true;
  return error();
}

IOStatus FaultyFileSystem::error() const {
  return error_ == FaultyEnv::Error::kNoSpace ? IOStatus::NoSpace("the disk is full")
                                              : IOStatus::IOError("the disk is broken");
}

void FaultyFileSystem::fail_call(std::uint64_t calls, FaultyEnv::Error error, bool stays) {
  const std::lock_guard lock(mutex_);
  calls_left_ = calls;
  error_ = error;
  error_stays_ = stays;
  has_failed_ = false;
}

void FaultyFileSystem::repair() {
  const std::lock_guard lock(mutex_);
  calls_left_ = kNever;
  error_stays_ = false;
}

void FaultyFileSystem::count_calls_of(std::thread::id thread) {
  const std::lock_guard lock(mutex_);
  counted_ = thread;
}

bool FaultyFileSystem::has_failed() const {
  const std::lock_guard lock(mutex_);
  return has_failed_;
}

void FaultyFileSystem::set_steps(std::uint64_t steps) {
  const std::lock_guard lock(mutex_);
  steps_left_ = steps;
}

void FaultyFileSystem::synced(const std::string& path, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(path);
  if (found == kept_.end()) return;
  found->second = {bytes, true};
}

void FaultyFileSystem::directory_synced(const std::string& path) {
  const std::lock_guard lock(mutex_);
  for (auto& [file, kept] : kept_) {
    if (directory_of(file) == path) kept.has_name = true;
  }
}

void FaultyFileSystem::restore(std::uint64_t torn_bytes) {
  set_steps(kNever);
  std::map<std::string, Kept> kept;
  {
    const std::lock_guard lock(mutex_);
    kept = kept_;
  }
  for (const auto& [path, state] : kept) {
    if (state.has_name) {
      restore(path, state.synced_bytes + torn_bytes);
    } else {
      (void)DeleteFile(path, IOOptions(), nullptr);
    }
  }
}

void FaultyFileSystem::restore(const std::string& path, std::uint64_t bytes) {
  std::unique_ptr<rocksdb::FSSequentialFile> source;
  std::uint64_t size = 0;
  IOStatus status = GetFileSize(path, IOOptions(), &size, nullptr);
  if (status.ok()) status = NewSequentialFile(path, FileOptions(), &source, nullptr);
  std::string buffer(size, '\0');
  Slice content;
  if (status.ok()) status = source->Read(size, IOOptions(), &content, buffer.data(), nullptr);
  if (!status.ok()) throw std::runtime_error(path + ": " + status.ToString());
  const std::string left = content.ToString().substr(0, std::min(bytes, size));

  std::unique_ptr<rocksdb::FSWritableFile> target;
  status = NewWritableFile(path, FileOptions(), &target, nullptr);
  if (status.ok()) status = target->Append(left, IOOptions(), nullptr);
  if (status.ok()) status = target->Sync(IOOptions(), nullptr);
  if (status.ok()) status = target->Close(IOOptions(), nullptr);
  if (!status.ok()) throw std::runtime_error(path + ": " + status.ToString());
}

FaultyEnv::FaultyEnv()
    : memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())),
      files_(std::make_shared<FaultyFileSystem>(memory_->GetFileSystem())),
      env_(std::make_unique<PauselessEnv>(files_)) {}

FaultyEnv::~FaultyEnv() = default;

void FaultyEnv::power_cut() {
  files_->set_steps(0);
}

void FaultyEnv::power_cut_after(std::uint64_t operations) {
  files_->set_steps(operations);
}

void FaultyEnv::fail_call(std::uint64_t calls, Error error, bool stays) {
  files_->fail_call(calls, error, stays);
}

void FaultyEnv::repair() {
  files_->repair();
}

void FaultyEnv::count_calls_of_this_thread() {
  files_->count_calls_of(std::this_thread::get_id());
}

bool FaultyEnv::has_failed() const {
  return files_->has_failed();
}

void FaultyEnv::power_on(std::uint64_t torn_bytes) {
  files_->restore(torn_bytes);
}

}  // namespace ccbus::test
