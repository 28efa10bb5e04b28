#pragma once

#include <functional>
#include <map>
#include <memory>

#include "service/base/ids.h"
#include "service/gateway/channels/commit_metrics.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ordering/orderer.h"

namespace ccbus::gateway {

// What the gateway does with one channel. Workers share the ledger, to read; the orderer lives as
// long as the channel.
struct Channel {
  std::shared_ptr<const ledger::ChannelLedger> ledger;
  ordering::Orderer* orderer = nullptr;
  std::function<CommitMetrics()> metrics = {};  // Any thread. Null if nothing is committed.
};
using Channels = std::map<ChannelId, Channel>;

// The configuration of a channel; null if it has none, or there is no such channel.
[[nodiscard]] inline std::shared_ptr<const ledger::ChannelTrust> trust_of(
    const Channels& channels, const ChannelId& channel) {
  const auto at = channels.find(channel);
  return at == channels.end() ? nullptr : at->second.ledger->trust();
}

}  // namespace ccbus::gateway
