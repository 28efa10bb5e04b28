#pragma once

#include <chrono>

#include "service/base/limits.h"
#include "service/chaincode/stream/options.h"
#include "service/gateway/gateway.h"
#include "tests/simulation/engine/network.h"

namespace ccbus::simulation {

// The configuration of the simulated service: small limits, so that actors reach them.
struct Settings {
  Limits limits;
  chaincode::Options chaincode;
  gateway::Gateway::Options gateway;
  std::chrono::microseconds commit{0};   // That a block takes.
  std::size_t storage_bytes = 4u << 20;  // Of each channel.

  [[nodiscard]] Network::Options network(const char* name, bool handles_last_messages) const;
};

// Those of one seed.
[[nodiscard]] Settings random_settings(Chance& chance);

}  // namespace ccbus::simulation
