#pragma once

#include <filesystem>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::ledger {

// Files that are on the disk when the call returns, not only on their way there.
//
// Blocks: on the disk.
// Errors: kIo with the path and the reason.

// A new file, under its name only once all of it is there.
[[nodiscard]] Result<void> write_durably(const std::filesystem::path& file,
                                         std::string_view content);

// The files of a directory that has no others below it, into a new one. Always copies.
[[nodiscard]] Result<void> copy_durably(const std::filesystem::path& from,
                                        const std::filesystem::path& to);

// What stands in a directory, and its files.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

// Gives a file or directory another name next to it, which must be free.
[[nodiscard]] Result<void> rename_durably(const std::filesystem::path& from,
                                          const std::filesystem::path& to);

}  // namespace ccbus::ledger
