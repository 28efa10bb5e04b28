#pragma once

#include <filesystem>

#include "tests/bench/statistics.h"

namespace ccbus::bench {

// Measures the disk itself, without a database: appends a few kilobytes to a file, then fdatasync.
class DiskProbe {
 public:
  // Creates a file in the directory. Throws std::system_error.
  explicit DiskProbe(const std::filesystem::path& directory);
  ~DiskProbe();
  DiskProbe(const DiskProbe&) = delete;
  DiskProbe& operator=(const DiskProbe&) = delete;

  [[nodiscard]] Figures run(std::size_t syncs);

 private:
  const int fd_;
};

}  // namespace ccbus::bench
