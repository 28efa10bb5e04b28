#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "service/base/cancellation.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::ledger {

// Snapshots: copies of a whole ledger, private data included, that can be restored. A snapshot is a
// directory:
//
//   snapshot.json   {"format", "channel", "height", "last_block_hash"}; written last, so that what
//                   was interrupted has none
//   ledger/         the database, as a service that stops leaves it
//
// Thread: any. Blocks: on the disk, for as long as copying takes.
// Errors: each with the path and the reason.

struct SnapshotInfo {
  ChannelId channel;
  std::uint64_t height = 0;
  std::string last_block_hash;  // 32 bytes; empty at height 0.
};

// Copies the ledger as of one block during the call; it may go on committing. `directory` is
// created if missing, with its parents. The files that the snapshot shares with the ledger by hard
// links never change. After an error `directory` is empty.
// Errors: kExists if `directory` is not empty; kPrecondition if the ledger is in memory; kCorrupt
//         if the copy is not consistent; kDeadline once cancelled; kIo.
[[nodiscard]] Result<SnapshotInfo> write_snapshot(const ChannelLedger& ledger,
                                                  const std::filesystem::path& directory,
                                                  const CancellationToken& cancelled = {});

// Reads the manifest of a snapshot.
// Errors: kNotFound no snapshot, or an incomplete one; kInvalid another format; kIo.
[[nodiscard]] Result<SnapshotInfo> read_snapshot(const std::filesystem::path& directory);

// Restores a snapshot to the ledger directory `target`. The copy is made in `<target>~partial`,
// where the rest of an interrupted restore is removed first, and is renamed after it was checked.
// Nothing may use either directory meanwhile.
// Errors: as read_snapshot(); kExists if `target` exists; kCorrupt if the ledger does not match the
//         manifest; kDeadline once cancelled.
[[nodiscard]] Result<SnapshotInfo> restore_snapshot(const std::filesystem::path& directory,
                                                    const std::filesystem::path& target,
                                                    const CancellationToken& cancelled = {});

}  // namespace ccbus::ledger
