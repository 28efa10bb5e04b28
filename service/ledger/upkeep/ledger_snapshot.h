#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::ledger {

// Copies of a whole ledger, private data included, to keep elsewhere and go back to. A snapshot is
// a directory:
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

// The ledger as it is at some block boundary during the call; it goes on committing meanwhile.
// `directory` is made if missing, with the directories above it. What the snapshot shares with the
// ledger by hard links never changes. After an error `directory` is empty.
// Errors: kExists where `directory` holds something; kPrecondition where the ledger is in memory;
//         kCorrupt where what was copied does not hold together; kIo.
[[nodiscard]] Result<SnapshotInfo> write_snapshot(const ChannelLedger& ledger,
                                                  const std::filesystem::path& directory);

// What a snapshot says of itself.
// Errors: kNotFound no snapshot, or not a whole one; kInvalid another format; kIo.
[[nodiscard]] Result<SnapshotInfo> read_snapshot(const std::filesystem::path& directory);

// Makes `target` a ledger's directory again, with a copy of the snapshot that is checked before it
// gets its name; until then it is `<target>~partial`, and what an interrupted restore left there
// goes. Nothing may have `target` open or `<target>~partial` in use.
// Errors: as read_snapshot(); kExists where `target` is there; kCorrupt where the ledger is not the
//         one that the snapshot speaks of.
[[nodiscard]] Result<SnapshotInfo> restore_snapshot(const std::filesystem::path& directory,
                                                    const std::filesystem::path& target);

}  // namespace ccbus::ledger
