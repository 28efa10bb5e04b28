#include "service/cli/package/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "service/base/printable.h"

namespace ccbus::cli {
namespace {

constexpr std::size_t kShownPathBytes = 200;
constexpr int kFilters = 2;  // gzip, and the one that hands over the bytes as they are.

struct ReaderEnd {
  void operator()(struct archive* one) const { archive_read_free(one); }
};
struct WriterEnd {
  void operator()(struct archive* one) const { archive_write_free(one); }
};
struct EntryEnd {
  void operator()(struct archive_entry* one) const { archive_entry_free(one); }
};

std::string quoted_path(std::string_view path) {
  return "'" + printable(path, kShownPathBytes) + "'";
}

unexpected<Error> bad_archive(const std::string& what) {
  return fail(ErrorCode::kInvalid, what);
}

unexpected<Error> beyond(const std::string& what, std::uint64_t value, std::uint64_t limit,
                         const char* unit) {
  return fail(ErrorCode::kExhausted, what + " has " + std::to_string(value) + " " + unit +
                                         "; at most " + std::to_string(limit) + " are possible");
}

// Reads one archive.
class ArchiveReader {
 public:
  ArchiveReader(const ArchiveLimits& limits, const WantedFile& wanted)
      : limits_(limits), wanted_(wanted), archive_(archive_read_new()) {}

  Result<std::vector<ArchiveFile>> read(std::string_view bytes) {
    if (!bytes.starts_with("\x1f\x8b")) return bad_archive("it is not compressed by gzip");
    archive_read_support_filter_gzip(archive_.get());
    archive_read_support_format_tar(archive_.get());
    if (archive_read_open_memory(archive_.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
      return damaged();
    }
    if (archive_filter_count(archive_.get()) != kFilters) {
      return bad_archive("it is compressed more than once");
    }
    for (;;) {
      struct archive_entry* entry = nullptr;
      const int code = archive_read_next_header(archive_.get(), &entry);
      if (code == ARCHIVE_EOF) return std::move(files_);
      if (code < ARCHIVE_WARN) return damaged();  // A warning is about names in another encoding.
      if (auto taken = take(entry); !taken) return unexpected(taken.error());
    }
  }

 private:
  unexpected<Error> damaged() {
    const char* const reason = archive_error_string(archive_.get());
    return bad_archive("it is no .tar.gz, or a damaged one: " +
                       printable(reason == nullptr ? "unknown reason" : reason));
  }

  Result<void> take(struct archive_entry* entry) {
    if (++entries_ > limits_.entries_max) {
      return beyond("the archive", entries_, limits_.entries_max, "entries");
    }
    const auto path = path_of(entry);
    if (!path) return unexpected(path.error());
    if (archive_entry_hardlink(entry) != nullptr)
      return bad_archive(quoted_path(*path) + " is a link");
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFLNK) return bad_archive(quoted_path(*path) + " is a symbolic link");
    if (type != AE_IFREG && type != AE_IFDIR) {
      return bad_archive(quoted_path(*path) + " is neither a file nor a directory");
    }
    // Of a directory and of what is skipped it is unpacked, too.
    const auto size =
        static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
    const auto unpacked =
        static_cast<std::uint64_t>(archive_filter_bytes(archive_.get(), 0)) + size;
    if (unpacked > limits_.unpacked_bytes_max) {
      return beyond("the unpacked archive, at " + quoted_path(*path) + ",", unpacked,
                    limits_.unpacked_bytes_max, "bytes");
    }
    if (type == AE_IFDIR) return {};
    if (!seen_.insert(*path).second) return bad_archive(quoted_path(*path) + " is there twice");
    const auto bytes_max = wanted_(*path);
    if (!bytes_max) return {};
    if (size > *bytes_max) return beyond(quoted_path(*path), size, *bytes_max, "bytes");
    return read_content(*path, size);
  }

  Result<std::string> path_of(struct archive_entry* entry) {
    const char* raw = archive_entry_pathname_utf8(entry);
    if (raw == nullptr) raw = archive_entry_pathname(entry);
    if (raw == nullptr || *raw == '\0') return bad_archive("an entry has no name");
    const std::string_view name = raw;
    if (name.size() > limits_.path_bytes_max) {
      return beyond("the path " + quoted_path(name), name.size(), limits_.path_bytes_max, "bytes");
    }
    const std::filesystem::path path = name;
    if (path.is_absolute()) return bad_archive(quoted_path(name) + " is an absolute path");
    for (const auto& part : path) {
      if (part == "..") return bad_archive(quoted_path(name) + " leads out of the archive");
    }
    return path.lexically_normal().string();
  }

  Result<void> read_content(const std::string& path, std::uint64_t size) {
    std::string content(size, '\0');
    std::size_t filled = 0;
    while (filled < content.size()) {
      const la_ssize_t count =
          archive_read_data(archive_.get(), content.data() + filled, content.size() - filled);
      if (count < 0) return damaged();
      if (count == 0) return bad_archive(quoted_path(path) + " is not complete");
      filled += static_cast<std::size_t>(count);
    }
    files_.push_back({path, std::move(content)});
    return {};
  }

  const ArchiveLimits& limits_;
  const WantedFile& wanted_;
  const std::unique_ptr<struct archive, ReaderEnd> archive_;
  std::size_t entries_ = 0;
  std::set<std::string> seen_;
  std::vector<ArchiveFile> files_;
};

la_ssize_t append(struct archive*, void* to, const void* bytes, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

Result<std::vector<ArchiveFile>> read_archive(std::string_view bytes, const ArchiveLimits& limits,
                                              const WantedFile& wanted) {
  return ArchiveReader(limits, wanted).read(bytes);
}

Result<std::string> write_archive(const std::vector<ArchiveFile>& files) {
  std::string bytes;
  const std::unique_ptr<struct archive, WriterEnd> to(archive_write_new());
  archive_write_add_filter_gzip(to.get());
  archive_write_set_filter_option(to.get(), "gzip", "timestamp", nullptr);
  archive_write_set_format_pax_restricted(to.get());
  archive_write_set_bytes_in_last_block(to.get(), 1);
  archive_write_open(to.get(), &bytes, nullptr, &append, nullptr);
  for (const ArchiveFile& file : files) {
    const std::unique_ptr<struct archive_entry, EntryEnd> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), file.path.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
    const bool is_written =
        archive_write_header(to.get(), entry.get()) == ARCHIVE_OK &&
        archive_write_data(to.get(), file.content.data(), file.content.size()) ==
            static_cast<la_ssize_t>(file.content.size());
    if (!is_written) {
      return bad_archive(quoted_path(file.path) + ": " + printable(archive_error_string(to.get())));
    }
  }
  if (archive_write_close(to.get()) != ARCHIVE_OK) {
    return bad_archive(printable(archive_error_string(to.get())));
  }
  return bytes;
}

}  // namespace ccbus::cli
