#pragma once

#include <filesystem>
#include <optional>

#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/gateway/channels/channels.h"

namespace ccbus::gateway {

// Makes channels and begins them anew. assembly/channel_set.h does it.
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

  // Throws away all that a channel has and begins it anew, empty or as a snapshot has it; after an
  // error it is what it was. Who still has the old ledger can read no more than what is cached.
  // Errors: as of make(); kNotFound no such channel.
  [[nodiscard]] virtual Result<void> replace(
      const ChannelId& channel, const std::optional<std::filesystem::path>& snapshot) = 0;

  // One that is there (asserted).
  [[nodiscard]] virtual Channel find(const ChannelId& channel) = 0;
};

}  // namespace ccbus::gateway
