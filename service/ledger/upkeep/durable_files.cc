#include "service/ledger/upkeep/durable_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace ccbus::ledger {
namespace {

namespace fs = std::filesystem;

unexpected<Error> failed(const char* doing, const fs::path& path, const std::error_code& why) {
  return fail(ErrorCode::kIo,
              std::string("cannot ") + doing + " " + path.string() + ": " + why.message());
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

// An open file, closed with the object.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }

 private:
  const int fd_;
};

// A file, or the names that stand in a directory.
Result<void> sync_one(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  if (file.get() < 0 || ::fsync(file.get()) != 0) return failed("sync", path, last_error());
  return {};
}

fs::path parent_of(const fs::path& path) {
  return fs::absolute(path).lexically_normal().parent_path();
}

}  // namespace

Result<void> write_durably(const fs::path& file, std::string_view content) {
  fs::path partial = file;
  partial += ".partial";
  {
    const Descriptor out(partial, O_WRONLY | O_CREAT | O_TRUNC);
    if (out.get() < 0) return failed("make", partial, last_error());
    while (!content.empty()) {
      const ssize_t written = ::write(out.get(), content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed("write", partial, last_error());
      content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(out.get()) != 0) return failed("sync", partial, last_error());
  }
  return rename_durably(partial, file);
}

Result<void> copy_durably(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directory(to, error);
  if (error) return failed("make", to, error);
  fs::directory_iterator entries(from, error);
  if (error) return failed("read", from, error);
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    const fs::path copy = to / entries->path().filename();
    fs::copy_file(entries->path(), copy, error);
    if (error) return failed("copy", entries->path(), error);
    if (auto synced = sync_one(copy); !synced) return synced;
  }
  if (error) return failed("read", from, error);
  return sync_one(to);
}

Result<void> sync_directory(const fs::path& directory) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (auto synced = sync_one(entries->path()); !synced) return synced;
  }
  if (error) return failed("read", directory, error);
  return sync_one(directory);
}

Result<void> rename_durably(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return failed("rename", from, error);
  return sync_one(parent_of(to));
}

}  // namespace ccbus::ledger
