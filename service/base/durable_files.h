#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "service/base/cancellation.h"
#include "service/base/result.h"

namespace ccbus {

// Operations on files that are synced to the disk when the call returns. What they create belongs
// to the service's user alone, whatever the umask: directories have mode 0700, files 0600.
//
// Blocks: on the disk.
// Errors: kIo with the path and the reason.

// Creates a directory and those above it that are missing. Existing ones stay as they are.
[[nodiscard]] Result<void> make_directories(const std::filesystem::path& directory);

// Takes the permissions of group and others from a directory if this process's user owns it;
// otherwise it stays as it is.
[[nodiscard]] Result<void> make_private(const std::filesystem::path& directory);

// Creates a file, or replaces it. It gets its name only after it was written completely: a loss of
// power leaves the old file or the new one.
[[nodiscard]] Result<void> write_durably(const std::filesystem::path& file,
                                         std::string_view content);

// Copies the first bytes of a file, which has so many, to a new file. Never links. Looks every few
// megabytes whether it is cancelled. Errors: kDeadline then; the new file is not complete.
[[nodiscard]] Result<void> copy_file_durably(const std::filesystem::path& from,
                                             const std::filesystem::path& to, std::uint64_t bytes,
                                             const CancellationToken& cancelled = {});

// Copies the files of a directory without subdirectories into a new directory. Errors: as above.
[[nodiscard]] Result<void> copy_durably(const std::filesystem::path& from,
                                        const std::filesystem::path& to,
                                        const CancellationToken& cancelled = {});

// Syncs a directory and its files.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

// Renames a file or directory within its directory. A file of the new name is replaced.
[[nodiscard]] Result<void> rename_durably(const std::filesystem::path& from,
                                          const std::filesystem::path& to);

}  // namespace ccbus
