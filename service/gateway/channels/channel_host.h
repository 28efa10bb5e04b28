#pragma once

#include <filesystem>
#include <optional>

#include "service/base/cancellation.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/base/state_database.h"
#include "service/gateway/channels/channels.h"

namespace ccbus::gateway {

// What a channel begins with.
struct ChannelBeginning {
  std::optional<std::filesystem::path> snapshot = {};  // nullopt: nothing.
  // Of a channel without a snapshot, which has its own. nullopt: what the channel has that is
  // replaced, or the configuration's.
  std::optional<StateDatabase> state_database = {};
};

// Creates channels and resets them. assembly/channel_set.h implements it.
//
// Thread: any, one call at a time.
// Blocks: on the disk.
class ChannelHost {
 public:
  virtual ~ChannelHost() = default;

  // Creates a channel with its committer, empty or from a snapshot. It is kept over restarts.
  // Errors: kExists a directory of that name; kInvalid the snapshot is invalid, or of another
  // channel;
  //         kExhausted limits.channels; kDeadline cancelled while the snapshot was copied; kIo,
  //         kCorrupt.
  [[nodiscard]] virtual Result<Channel> make(const ChannelId& channel,
                                             const ChannelBeginning& beginning,
                                             const CancellationToken& cancelled) = 0;

  // Replaces all that a channel has by nothing, or by a snapshot. After an error the channel is as
  // before. A caller that still holds the old ledger can read only what is cached of it.
  // Errors: as of make(); kNotFound no such channel.
  [[nodiscard]] virtual Result<void> replace(const ChannelId& channel,
                                             const ChannelBeginning& beginning,
                                             const CancellationToken& cancelled) = 0;

  // The channel of that id, which exists (asserted).
  [[nodiscard]] virtual Channel find(const ChannelId& channel) = 0;
};

}  // namespace ccbus::gateway
