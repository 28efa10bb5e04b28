#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>

#include "service/base/ids.h"
#include "service/chaincode/transaction/simulators.h"
#include "service/gateway/channels/channels.h"
#include "service/ledger/state/cached_state_view.h"

namespace ccbus::gateway {

// Simulators on the newest state of every channel. All transactions that are simulated between two
// blocks share what they have read. Bus thread.
class LatestSimulators final : public chaincode::Simulators {
 public:
  // The channels outlive it, and what the limits point to. Remembers up to `cache_bytes_max` for
  // each channel.
  LatestSimulators(const Channels& channels, std::size_t cache_bytes_max,
                   ledger::SimulationLimits limits)
      : channels_(channels), cache_bytes_max_(cache_bytes_max), limits_(limits) {}

  std::unique_ptr<ledger::TxSimulator> simulate(const ChannelId& channel, const TxId& tx) override;

  // Drops the view of a channel that is about to go, and with it its ledger.
  void forget(const ChannelId& channel) { views_.erase(channel); }

 private:
  const Channels& channels_;
  const std::size_t cache_bytes_max_;
  const ledger::SimulationLimits limits_;
  std::unordered_map<ChannelId, std::shared_ptr<const ledger::CachedStateView>> views_;
};

}  // namespace ccbus::gateway
