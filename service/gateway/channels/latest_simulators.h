#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>

#include "service/base/ids.h"
#include "service/chaincode/transaction/simulators.h"
#include "service/gateway/channels/commit_metrics.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/state/cached_state_view.h"
#include "service/ordering/orderer.h"

namespace ccbus::gateway {

// What the gateway does with one channel. Workers share the ledger, to read; the orderer is there
// as long as the channel.
struct Channel {
  std::shared_ptr<const ledger::ChannelLedger> ledger;
  ordering::Orderer* orderer = nullptr;
  std::function<CommitMetrics()> metrics = {};  // Any thread. Nothing: nobody commits.
};
using Channels = std::map<ChannelId, Channel>;

// The newest state of every channel. All that is simulated between two blocks shares what it has
// read. Bus thread.
class LatestSimulators final : public chaincode::Simulators {
 public:
  // The channels outlive it. Remembers up to `cache_bytes_max` for each.
  LatestSimulators(const Channels& channels, std::size_t cache_bytes_max)
      : channels_(channels), cache_bytes_max_(cache_bytes_max) {}

  std::unique_ptr<ledger::TxSimulator> simulate(const ChannelId& channel, const TxId& tx) override;

  // The channel is going: its ledger is to be let go.
  void forget(const ChannelId& channel) { views_.erase(channel); }

 private:
  const Channels& channels_;
  const std::size_t cache_bytes_max_;
  std::unordered_map<ChannelId, std::shared_ptr<const ledger::CachedStateView>> views_;
};

}  // namespace ccbus::gateway
