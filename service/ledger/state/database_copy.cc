#include "service/ledger/state/database_copy.h"

#include <rocksdb/metadata.h>

#include <string>
#include <system_error>
#include <vector>

#include "service/base/durable_files.h"

namespace ccbus::ledger {
namespace {

namespace fs = std::filesystem;

unexpected<Error> failed(const fs::path& directory, const std::string& why) {
  return fail(ErrorCode::kIo, "cannot copy the ledger to " + directory.string() + ": " + why);
}

// While it exists, the database deletes no file.
class FilesKept {
 public:
  explicit FilesKept(rocksdb::DB& database)
      : database_(database), status_(database.DisableFileDeletions()) {}
  ~FilesKept() {
    constexpr bool kWhoeverElseKeepsThem = false;
    if (status_.ok()) database_.EnableFileDeletions(kWhoeverElseKeepsThem).PermitUncheckedError();
  }
  FilesKept(const FilesKept&) = delete;
  FilesKept& operator=(const FilesKept&) = delete;

  [[nodiscard]] const rocksdb::Status& status() const { return status_; }

 private:
  rocksdb::DB& database_;
  const rocksdb::Status status_;
};

Result<void> copy_one(const rocksdb::LiveFileStorageInfo& file, const fs::path& directory,
                      const CancellationToken& cancelled) {
  const fs::path to = directory / file.relative_filename;
  if (!file.replacement_contents.empty()) return write_durably(to, file.replacement_contents);
  const fs::path from = fs::path(file.directory) / file.relative_filename;
  if (!file.trim_to_size) {
    std::error_code other_file_system;
    fs::create_hard_link(from, to, other_file_system);
    if (!other_file_system) return {};
  }
  return copy_file_durably(from, to, file.size, cancelled);
}

}  // namespace

Result<void> copy_database(rocksdb::DB& database, const fs::path& directory,
                           const CancellationToken& cancelled) {
  if (!fs::is_directory(fs::absolute(directory).parent_path())) {
    return failed(directory, "its parent is no directory");
  }
  if (auto made = make_directories(directory); !made) return made;
  const FilesKept kept(database);
  if (!kept.status().ok()) return failed(directory, kept.status().ToString());
  std::vector<rocksdb::LiveFileStorageInfo> files;
  const rocksdb::Status listed = database.GetLiveFilesStorageInfo({}, &files);
  if (!listed.ok()) return failed(directory, listed.ToString());
  for (const rocksdb::LiveFileStorageInfo& file : files) {
    if (auto copied = copy_one(file, directory, cancelled); !copied) return copied;
  }
  return sync_directory(directory);
}

}  // namespace ccbus::ledger
