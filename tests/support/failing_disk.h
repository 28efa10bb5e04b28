#pragma once

#include <sys/mount.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/ccbus_command.h"
#include "tests/support/small_disk.h"

namespace ccbus::test {

// An ext4 file system whose disk fails with EIO once it has written more than it can: a loop device
// over a file with holes on a small disk. Only root may make one, and not in every container.
class FailingDisk {
 public:
  // `says` bytes are what the file system believes to have, `holds` what the disk can store.
  // Returns null if such a disk cannot be made here.
  static std::unique_ptr<FailingDisk> make(std::uint64_t says, std::uint64_t holds) {
    auto store = SmallDisk::mount(holds);
    if (store == nullptr) return nullptr;
    std::unique_ptr<FailingDisk> disk(new FailingDisk(std::move(store)));
    const std::string size = std::to_string(says);
    const bool is_there = run("/usr/bin/truncate", {"-s", size, disk->image()}) &&
                          run("/sbin/mkfs.ext4", {"-q", disk->image()}) && disk->mount();
    if (!is_there) return nullptr;
    return disk;
  }
  ~FailingDisk() { unmount(); }
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  // Gives the disk room, lets the file system be repaired, and mounts it again. Nobody may use it.
  // Returns false if it cannot be repaired.
  [[nodiscard]] bool repair(std::uint64_t holds) {
    unmount();
    store_->resize(holds);
    return run("/sbin/e2fsck", {"-y", image()}, 1) && mount();
  }

  [[nodiscard]] const std::filesystem::path& path() const { return mounted_.path(); }

 private:
  explicit FailingDisk(std::unique_ptr<SmallDisk> store) : store_(std::move(store)) {}

  // Returns whether it ended with a status up to `status_max`.
  static bool run(const std::string& program, std::vector<std::string> arguments,
                  int status_max = 0) {
    if (!std::filesystem::exists(program)) return false;
    arguments.insert(arguments.begin(), program);
    return run_with_errors(std::move(arguments)).status <= status_max;
  }

  [[nodiscard]] std::string image() const { return store_->path() / "image"; }
  bool mount() {
    is_mounted_ = run("/bin/mount", {"-o", "loop", image(), path().string()});
    return is_mounted_;
  }
  void unmount() {
    if (is_mounted_) umount2(path().c_str(), 0);
    is_mounted_ = false;
  }

  const std::unique_ptr<SmallDisk> store_;
  const TemporaryDirectory mounted_;
  bool is_mounted_ = false;
};

}  // namespace ccbus::test
