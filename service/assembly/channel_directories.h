#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "service/base/ids.h"
#include "service/base/result.h"

namespace ccbus {

// The directories of the channels' ledgers: `channels/<id>` below the ledgers' directory, or
// `channels/<id>~<n>` after n resets. The largest n is the current one, so that a new ledger
// replaces an old one in one step, and no path is used again while a reader still has the old
// ledger open. A channel id never has a '~'.
//
// Thread: one at a time. Blocks: on the disk.
class ChannelDirectories {
 public:
  // Looks for existing ledgers. Without `ledgers` they are in memory: then nothing is found, and
  // there are no paths. Throws std::runtime_error with the path and the reason if a directory that
  // exists cannot be listed: a channel that is not found would be taken for a new one.
  ChannelDirectories(const std::optional<std::filesystem::path>& ledgers,
                     std::size_t name_bytes_max);

  [[nodiscard]] std::vector<ChannelId> found() const;

  // The directory of the channel's ledger, whether or not it exists.
  [[nodiscard]] std::optional<std::filesystem::path> current(const ChannelId& channel) const;

  // The directory for a ledger that will replace the current one.
  [[nodiscard]] std::optional<std::filesystem::path> next(const ChannelId& channel) const;

  // Makes next() the current one and removes the one before. After an error its files are removed
  // at the next start. Errors: kIo.
  [[nodiscard]] Result<void> advance(const ChannelId& channel);

  // Removes replaced ledgers and unfinished ones; best effort, errors are ignored. Only while the
  // current ledgers are open: then no other process uses this directory.
  void remove_leftovers() const;

 private:
  void add(const std::filesystem::directory_entry& entry, std::size_t name_bytes_max);
  [[nodiscard]] std::filesystem::path path_of(const ChannelId& channel, std::uint64_t resets) const;
  [[nodiscard]] std::uint64_t resets_of(const ChannelId& channel) const;

  std::optional<std::filesystem::path> directory_;
  std::map<ChannelId, std::uint64_t> resets_;
  std::vector<std::filesystem::path> leftovers_;
};

}  // namespace ccbus
