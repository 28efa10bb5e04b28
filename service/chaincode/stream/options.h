#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/clock.h"
#include "service/chaincode/stream/credentials.h"
#include "service/chaincode/stream/registry.h"
#include "service/chaincode/transaction/open_query.h"

namespace ccbus::chaincode {

// The options of the engine. The configuration keys that set them are in config/config_keys.cc.
struct Options {
  Duplicates duplicates = Duplicates::kPool;
  std::chrono::milliseconds keepalive{0};  // Between two KEEPALIVEs to one chaincode; 0: never.
  std::chrono::milliseconds execute_timeout{30'000};
  protos::ChaincodeAdditionalParams additional_params;  // The payload of READY.
  RequestLimits request_limits;
  std::size_t transactions_per_handler = 20'000;
  std::size_t call_depth_max = 16;  // Chaincodes in one chain of calls, the first one included.
  bool autodefine = true;           // A chaincode without a definition may run.
  std::size_t name_bytes_max = 255;
  std::size_t message_bytes_max = 100u << 20;
  // What keys allow; outlives the engine. Null: everything.
  const Credentials* credentials = nullptr;
  // For measuring durations only; deadlines use the time of the events.
  std::function<SteadyTime()> read_clock = std::chrono::steady_clock::now;
};

}  // namespace ccbus::chaincode
