#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace ccbus::bench {

// The files of the databases below a directory.
struct FilesOnDisk {
  double table_bytes = 0;
  double blob_bytes = 0;
  double log_bytes = 0;  // Write-ahead logs.
  std::size_t tables = 0;
};
[[nodiscard]] FilesOnDisk files_below(const std::filesystem::path& directory);

// What this process has handed to write(2) so far, in bytes. Errors: std::runtime_error.
[[nodiscard]] double bytes_written();

// The memory of this process that is resident, in bytes; with the pages of files that it has
// mapped. Errors: std::runtime_error.
[[nodiscard]] double resident_memory();

}  // namespace ccbus::bench
