#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus::cli {

// A regular file of an archive.
struct ArchiveFile {
  std::string path;  // Relative, without "." and "..": "META-INF/statedb/couchdb/indexes/a.json".
  std::string content;
};

struct ArchiveLimits {
  std::uint64_t unpacked_bytes_max;  // Of the whole archive, with its headers.
  std::size_t entries_max;
  std::size_t path_bytes_max;
};

// Decides by its path whether a file is read: returns how many bytes it may have; nullopt: it is
// skipped.
using WantedFile = std::function<std::optional<std::uint64_t>(const std::string& path)>;

// Reads a .tar.gz that somebody else may have made: what it unpacks to is bounded, nothing is
// written to the disk.
//
// Blocks: never. Errors: kInvalid: no such archive or a damaged one; an entry that is no file and
//         no directory; a path that leads out of the archive; a file that is there twice.
//         kExhausted: a limit. Each names the entry, the value and the limit.
[[nodiscard]] Result<std::vector<ArchiveFile>> read_archive(std::string_view bytes,
                                                            const ArchiveLimits& limits,
                                                            const WantedFile& wanted);

// Makes a .tar.gz. The same files give the same bytes: it has no times and no owners.
//
// Errors: kInvalid: a path that the format does not take.
[[nodiscard]] Result<std::string> write_archive(const std::vector<ArchiveFile>& files);

}  // namespace ccbus::cli
