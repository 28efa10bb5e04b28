#pragma once

#include <filesystem>
#include <string>

#include "service/base/result.h"

namespace ccbus::cli {

// Finds a program beside another one, else in the directories of PATH.
//
// Blocks: on the disk. Errors: kNotFound, naming where it was looked for.
[[nodiscard]] Result<std::filesystem::path> find_program(const std::string& name,
                                                         const std::filesystem::path& beside,
                                                         const std::string& path);

}  // namespace ccbus::cli
