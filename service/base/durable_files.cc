#include "service/base/durable_files.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace ccbus {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnFile = 0600;
constexpr mode_t kOwnDirectory = 0700;

unexpected<Error> failed(const char* doing, const fs::path& path, const std::error_code& why) {
  return fail(ErrorCode::kIo,
              std::string("cannot ") + doing + " " + path.string() + ": " + why.message());
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

// An open file, closed with the object.
class OpenFile {
 public:
  OpenFile(const fs::path& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, kOwnFile)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  [[nodiscard]] int get() const { return fd_; }

 private:
  const int fd_;
};

// A file, or the names that stand in a directory.
Result<void> sync_one(const fs::path& path) {
  const OpenFile file(path, O_RDONLY);
  if (file.get() < 0 || ::fsync(file.get()) != 0) return failed("sync", path, last_error());
  return {};
}

fs::path parent_of(const fs::path& path) {
  return fs::absolute(path).lexically_normal().parent_path();
}

Result<void> write_synced(const fs::path& file, std::string_view content) {
  const OpenFile out(file, O_WRONLY | O_CREAT | O_TRUNC);
  if (out.get() < 0) return failed("make", file, last_error());
  if (::fchmod(out.get(), kOwnFile) != 0) return failed("make", file, last_error());
  while (!content.empty()) {
    const ssize_t written = ::write(out.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", file, last_error());
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(out.get()) != 0) return failed("sync", file, last_error());
  return {};
}

}  // namespace

Result<void> make_directories(const fs::path& directory) {
  std::error_code error;
  const bool exists = fs::is_directory(directory, error);
  if (exists) return {};
  if (error && error != std::errc::no_such_file_or_directory) {
    return failed("make", directory, error);
  }
  const fs::path parent = parent_of(directory);
  if (parent != directory) {
    if (auto made = make_directories(parent); !made) return made;
  }
  if (::mkdir(directory.c_str(), kOwnDirectory) != 0 && errno != EEXIST) {
    return failed("make", directory, last_error());
  }
  if (!fs::is_directory(directory, error)) {
    return failed("make", directory, std::make_error_code(std::errc::not_a_directory));
  }
  return sync_one(parent);
}

Result<void> make_private(const fs::path& directory) {
  struct stat found {};
  if (::stat(directory.c_str(), &found) != 0) return failed("examine", directory, last_error());
  const mode_t wanted = found.st_mode & (07777 & ~mode_t{077});
  const bool is_private = (found.st_mode & 07777) == wanted;
  if (is_private || found.st_uid != ::geteuid()) return {};
  if (::chmod(directory.c_str(), wanted) == 0) return {};
  return failed("change the permissions of", directory, last_error());
}

Result<void> write_durably(const fs::path& file, std::string_view content) {
  fs::path partial = file;
  partial += ".partial";
  auto done = write_synced(partial, content);
  if (done) done = rename_durably(partial, file);
  if (done) return done;
  std::error_code ignored;  // The error that is returned came first.
  fs::remove(partial, ignored);
  return done;
}

Result<void> copy_file_durably(const fs::path& from, const fs::path& to, std::uint64_t bytes,
                               const CancellationToken& cancelled) {
  constexpr std::uint64_t kPiece = 4u << 20;
  const OpenFile in(from, O_RDONLY);
  if (in.get() < 0) return failed("open", from, last_error());
  const OpenFile out(to, O_WRONLY | O_CREAT | O_EXCL);
  if (out.get() < 0) return failed("make", to, last_error());
  for (std::uint64_t left = bytes; left > 0;) {
    if (cancelled.is_cancelled()) {
      return fail(ErrorCode::kDeadline, "copying " + from.string() + " was cancelled");
    }
    const ssize_t copied = ::sendfile(out.get(), in.get(), nullptr, std::min(left, kPiece));
    if (copied < 0) return failed("copy", from, last_error());
    if (copied == 0) {
      return fail(ErrorCode::kIo, "cannot copy " + from.string() + ": it is " +
                                      std::to_string(left) + " bytes shorter than it should be");
    }
    left -= static_cast<std::uint64_t>(copied);
  }
  if (::fsync(out.get()) != 0) return failed("sync", to, last_error());
  return {};
}

Result<void> copy_durably(const fs::path& from, const fs::path& to,
                          const CancellationToken& cancelled) {
  if (::mkdir(to.c_str(), kOwnDirectory) != 0) return failed("make", to, last_error());
  std::error_code error;
  fs::directory_iterator entries(from, error);
  if (error) return failed("read", from, error);
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    const std::uintmax_t bytes = fs::file_size(entries->path(), error);
    if (error) return failed("copy", entries->path(), error);
    auto copied =
        copy_file_durably(entries->path(), to / entries->path().filename(), bytes, cancelled);
    if (!copied) return copied;
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

}  // namespace ccbus
