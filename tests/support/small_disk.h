#pragma once

#include <sys/mount.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "tests/support/process.h"

namespace ccbus::test {

// A file system of its own with so many bytes. Only root may mount one.
class SmallDisk {
 public:
  // Returns null if this user may not. Throws std::system_error for anything else.
  static std::unique_ptr<SmallDisk> mount(std::uint64_t bytes,
                                          const std::filesystem::path& below = {}) {
    std::unique_ptr<SmallDisk> disk(new SmallDisk(below));
    disk->is_mounted_ = disk->mount_with(0, bytes);
    if (disk->is_mounted_) return disk;
    if (errno == EPERM || errno == EACCES) return nullptr;
    throw std::system_error(errno, std::generic_category(), "a small disk");
  }
  ~SmallDisk() {
    if (is_mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  void resize(std::uint64_t bytes) {
    if (mount_with(MS_REMOUNT, bytes)) return;
    throw std::system_error(errno, std::generic_category(), "a disk of another size");
  }

  // Where it is mounted: at `below` in a directory of its own.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  explicit SmallDisk(const std::filesystem::path& below) : path_(directory_.path() / below) {
    std::filesystem::create_directories(path_);
  }

  bool mount_with(unsigned long flags, std::uint64_t bytes) const {
    const std::string options = "size=" + std::to_string(bytes);
    return ::mount("tmpfs", path().c_str(), "tmpfs", flags, options.c_str()) == 0;
  }

  const TemporaryDirectory directory_;
  const std::filesystem::path path_;
  bool is_mounted_ = false;
};

}  // namespace ccbus::test
