#pragma once

#include <memory>

#include "service/base/ids.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

// Creates the simulators that transactions run on. main.cc passes in the channels; tests use a
// state in memory.
class Simulators {
 public:
  virtual ~Simulators() = default;

  // Creates a simulator on the newest state of the channel. Returns null if there is no such
  // channel. Bus thread.
  [[nodiscard]] virtual std::unique_ptr<ledger::TxSimulator> simulate(const ChannelId& channel,
                                                                      const TxId& tx) = 0;
};

}  // namespace ccbus::chaincode
