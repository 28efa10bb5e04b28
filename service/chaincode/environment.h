#pragma once

#include <chrono>
#include <cstddef>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/chaincode/outbox.h"
#include "service/chaincode/registry.h"
#include "service/chaincode/requests.h"
#include "service/log.h"
#include "service/metrics.h"

namespace ccbus::chaincode {

struct Options {
  Duplicates duplicates = Duplicates::kPool;
  std::chrono::milliseconds keepalive{0};  // Between two KEEPALIVEs to one chaincode; 0: never.
  std::chrono::milliseconds execute_timeout{30'000};
  protos::ChaincodeAdditionalParams additional_params;  // What READY offers.
  QueryLimits query_limits;
  std::size_t transactions_per_handler = 10'000;
  std::size_t name_bytes_max = 255;
  std::size_t message_bytes_max = 100u << 20;
};

// What all handlers of one bus thread share. Bus thread only.
struct Environment {
  Environment(const Options& options_, Outbox& outbox_, Logger& logger_, Counters& counters_)
      : options(options_),
        outbox(outbox_),
        logger(logger_),
        counters(counters_),
        registry(options_.duplicates) {}

  const Options options;
  Outbox& outbox;
  Logger& logger;
  Counters& counters;

  Registry registry;
  Deadlines deadlines;
  RequestBuffers buffers;
  protos::ChaincodeMessage reply;  // Kept from reply to reply, for its memory.
};

}  // namespace ccbus::chaincode
