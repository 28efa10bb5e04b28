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

// Where the channels' ledgers are: `channels/<id>` below the ledgers' directory, or, after n resets
// since, `channels/<id>~<n>`. The largest n counts, so that a new ledger takes the place of an old
// one in one step, and no path is used again while a late reader still has the old one open. No
// channel's id has a '~'.
//
// Thread: one at a time. Blocks: on the disk.
class ChannelDirectories {
 public:
  // Looks for what there is. Nothing: the ledgers are in memory, and so are all answers.
  ChannelDirectories(const std::optional<std::filesystem::path>& ledgers,
                     std::size_t name_bytes_max);

  [[nodiscard]] std::vector<ChannelId> found() const;

  // Where the channel's ledger is, or would be made.
  [[nodiscard]] std::optional<std::filesystem::path> current(const ChannelId& channel) const;

  // Where a ledger is made that is to take the place of the current one.
  [[nodiscard]] std::optional<std::filesystem::path> next(const ChannelId& channel) const;

  // From now on next() is the current one. The one before goes; it may go later where its files
  // cannot be removed, and the error says why. Errors: kIo.
  [[nodiscard]] Result<void> advance(const ChannelId& channel);

  // Removes the ledgers whose place was taken and what a stop cut short, as far as it can. Only
  // while the current ledgers are open: then nobody else works below this directory.
  void remove_leftovers() const;

 private:
  [[nodiscard]] std::filesystem::path path_of(const ChannelId& channel, std::uint64_t resets) const;
  [[nodiscard]] std::uint64_t resets_of(const ChannelId& channel) const;

  std::optional<std::filesystem::path> directory_;
  std::map<ChannelId, std::uint64_t> resets_;
  std::vector<std::filesystem::path> leftovers_;
};

}  // namespace ccbus
