#pragma once

#include <filesystem>
#include <string>

#include "service/base/result.h"

namespace ccbus::security {

// Blocks: on the disk. Errors: kIo with the path and the reason; also for a directory.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace ccbus::security
