#include "service/gateway/channels/latest_simulators.h"

#include <utility>

namespace ccbus::gateway {

std::unique_ptr<ledger::TxSimulator> LatestSimulators::simulate(const ChannelId& channel,
                                                                const TxId& tx) {
  const auto at = channels_.find(channel);
  if (at == channels_.end()) return nullptr;
  auto newest = at->second.ledger->snapshot();
  auto& view = views_[channel];
  if (view == nullptr || view->below() != newest) {
    view = std::make_shared<const ledger::CachedStateView>(std::move(newest), cache_bytes_max_);
  }
  return std::make_unique<ledger::TxSimulator>(view, tx, limits_);
}

}  // namespace ccbus::gateway
