#include "service/security/crypto/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

namespace ccbus::security {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in || errno == EISDIR) {
    return fail(ErrorCode::kIo, "cannot read " + path.string() + ": " + std::strerror(errno));
  }
  return content;
}

Result<bool> file_exists(const fs::path& path) {
  std::error_code error;
  const bool exists = fs::exists(path, error);
  if (error) {
    return fail(ErrorCode::kIo, "cannot look for " + path.string() + ": " + error.message());
  }
  return exists;
}

Result<std::vector<fs::path>> list_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::error_code unknown;
    if (!entries->is_directory(unknown)) files.push_back(entries->path());
  }
  if (error) {
    const bool is_missing = error == std::errc::no_such_file_or_directory;
    return fail(is_missing ? ErrorCode::kNotFound : ErrorCode::kIo,
                "cannot read the directory " + folder.string() + ": " + error.message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace ccbus::security
