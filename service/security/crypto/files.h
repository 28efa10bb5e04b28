#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "service/base/result.h"

namespace ccbus::security {

// Blocks, all: on the disk.

// Errors: kIo with the path and the reason; also for a directory.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

// Errors: kIo if that cannot be told.
[[nodiscard]] Result<bool> file_exists(const std::filesystem::path& path);

// What stands in a folder apart from directories, in the order of the names; links that lead
// nowhere too. Errors: kNotFound  there is no such folder; kIo.
[[nodiscard]] Result<std::vector<std::filesystem::path>> list_files(
    const std::filesystem::path& folder);

}  // namespace ccbus::security
