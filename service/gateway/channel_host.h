#pragma once

#include <filesystem>
#include <optional>

#include "service/gateway/newest_views.h"
#include "service/ids.h"
#include "service/result.h"

namespace ccbus::gateway {

// Makes channels and takes them away. main.cc plugs the committers in.
//
// Thread: any, one call at a time.
// Blocks: on the disk.
class ChannelHost {
 public:
  virtual ~ChannelHost() = default;

  // A channel with its committer, empty or as a snapshot has it. It stays, also over restarts.
  // Errors: kExists a directory of that name; kInvalid the snapshot is none, or another channel's;
  //         kExhausted limits.channels; kIo, kCorrupt.
  [[nodiscard]] virtual Result<Channel> make(
      const ChannelId& channel, const std::optional<std::filesystem::path>& snapshot) = 0;

  // Ends the channel's committer and removes all that is kept of it. Who still has its ledger can
  // read no more than what is cached.
  [[nodiscard]] virtual Result<void> remove(const ChannelId& channel) = 0;
};

}  // namespace ccbus::gateway
