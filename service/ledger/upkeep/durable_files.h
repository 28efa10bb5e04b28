#pragma once

#include <filesystem>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::ledger {

// Operations on files that are synced to the disk when the call returns.
//
// Blocks: on the disk.
// Errors: kIo with the path and the reason.

// Creates a file. It gets its name only after it was written completely.
[[nodiscard]] Result<void> write_durably(const std::filesystem::path& file,
                                         std::string_view content);

// Copies the files of a directory without subdirectories into a new directory. Never links.
[[nodiscard]] Result<void> copy_durably(const std::filesystem::path& from,
                                        const std::filesystem::path& to);

// Syncs a directory and its files.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

// Renames a file or directory within its directory. The new name must not exist.
[[nodiscard]] Result<void> rename_durably(const std::filesystem::path& from,
                                          const std::filesystem::path& to);

}  // namespace ccbus::ledger
