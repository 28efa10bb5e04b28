#include "tests/bench/growth/storage_probe.h"

#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace ccbus::bench {
namespace {

// The number behind a word of a file.
double number_in(const std::string& file, const std::string& name) {
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    double number = 0;
    if (word == name && in >> number) return number;
  }
  throw std::runtime_error("no " + name + " in " + file);
}

}  // namespace

// A file may go while this looks.
FilesOnDisk files_below(const std::filesystem::path& directory) {
  FilesOnDisk files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    std::error_code gone;
    const auto bytes = static_cast<double>(entry.is_regular_file(gone) ? entry.file_size(gone) : 0);
    if (gone) continue;
    const auto extension = entry.path().extension();
    if (extension == ".sst") {
      files.table_bytes += bytes;
      ++files.tables;
    } else if (extension == ".blob") {
      files.blob_bytes += bytes;
    } else if (extension == ".log") {
      files.log_bytes += bytes;
    }
  }
  return files;
}

double bytes_written() {
  return number_in("/proc/self/io", "wchar:");
}

double resident_memory() {
  return number_in("/proc/self/status", "VmRSS:") * 1024;
}

}  // namespace ccbus::bench
