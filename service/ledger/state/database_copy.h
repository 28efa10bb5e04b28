#pragma once

#include <rocksdb/db.h>

#include <filesystem>

#include "service/base/cancellation.h"
#include "service/base/result.h"

namespace ccbus::ledger {

// Copies a database that is on the system's disk, as of one moment during the call, to a new
// directory whose parent is there. The writer may go on. Files that never change are shared by hard
// links, if the directory is on the same file system; the others are copied and synced.
//
// Any thread. Blocks: on writing memtables to the disk, and on copying.
// Errors: kDeadline once cancelled; kIo. The directory is then not complete.
[[nodiscard]] Result<void> copy_database(rocksdb::DB& database,
                                         const std::filesystem::path& directory,
                                         const CancellationToken& cancelled);

}  // namespace ccbus::ledger
