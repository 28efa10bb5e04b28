#pragma once

#include <memory>

#include "service/base/ids.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

// Gives transactions something to run on. main.cc plugs the channels in; tests make views.
class Simulators {
 public:
  virtual ~Simulators() = default;

  // On the channel's newest state; null if there is no such channel. Bus thread.
  [[nodiscard]] virtual std::unique_ptr<ledger::TxSimulator> simulate(const ChannelId& channel,
                                                                      const TxId& tx) = 0;
};

}  // namespace ccbus::chaincode
