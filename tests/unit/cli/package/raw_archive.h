#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <vector>

namespace ccbus::test {

// An entry of an archive as somebody may have made it.
struct RawEntry {
  std::string path;
  std::string content{};
  unsigned type = AE_IFREG;
  std::string link{};  // Of a symbolic link or, with AE_IFREG, of a hard link.
};

enum class Compression { kGzip, kNone, kTwice };

// Makes an archive of any entries, without a check.
inline std::string raw_archive(const std::vector<RawEntry>& entries,
                               Compression compression = Compression::kGzip) {
  std::string bytes;
  struct archive* const to = archive_write_new();
  if (compression != Compression::kNone) archive_write_add_filter_gzip(to);
  if (compression == Compression::kTwice) archive_write_add_filter_gzip(to);
  archive_write_set_format_pax_restricted(to);
  archive_write_open(
      to, &bytes, nullptr,
      [](struct archive*, void* all, const void* part, std::size_t size) {
        static_cast<std::string*>(all)->append(static_cast<const char*>(part), size);
        return static_cast<la_ssize_t>(size);
      },
      nullptr);
  for (const RawEntry& one : entries) {
    struct archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, one.path.c_str());
    archive_entry_set_filetype(entry, one.type);
    archive_entry_set_perm(entry, 0755);
    if (one.type == AE_IFLNK) {
      archive_entry_set_symlink(entry, one.link.c_str());
    } else if (!one.link.empty()) {
      archive_entry_set_hardlink(entry, one.link.c_str());
    }
    archive_entry_set_size(entry, static_cast<la_int64_t>(one.content.size()));
    archive_write_header(to, entry);
    archive_write_data(to, one.content.data(), one.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(to);
  archive_write_free(to);
  return bytes;
}

}  // namespace ccbus::test
