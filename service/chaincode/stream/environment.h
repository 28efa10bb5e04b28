#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "service/base/clock.h"
#include "service/base/log.h"
#include "service/chaincode/message/next_state.h"
#include "service/chaincode/requests/requests.h"
#include "service/chaincode/stream/callees.h"
#include "service/chaincode/stream/next_state_metrics.h"
#include "service/chaincode/stream/next_states.h"
#include "service/chaincode/stream/options.h"
#include "service/chaincode/stream/outbox.h"
#include "service/chaincode/stream/registry.h"
#include "service/chaincode/transaction/shim_metrics.h"
#include "service/metrics/metrics.h"

namespace ccbus::chaincode {

// What all handlers of one engine share. Bus thread only; any thread may read the metrics.
struct Environment {
  Environment(const Options& options_, Outbox& outbox_, Callees& callees_, Preparers& workers_,
              Logger& logger_, Counters& counters_)
      : options(options_),
        outbox(outbox_),
        callees(callees_),
        workers(workers_),
        logger(logger_),
        counters(counters_),
        registry(options_.duplicates) {}

  const Options options;
  Outbox& outbox;
  Callees& callees;
  Preparers& workers;  // For queries.
  Logger& logger;
  Counters& counters;

  Registry registry;
  Deadlines deadlines;
  NextStates next_states;
  RequestBuffers buffers;
  std::string reply_payload;      // Kept between replies to reuse its memory.
  std::uint64_t last_serial = 0;  // The last one given to an open request.
  LabelledShimMetrics metrics;
  NextStateMetrics next_state_metrics;
  SteadyTime served_until;        // The last reading of the clock, where the next request begins.
  std::set<std::string> advised;  // Advice about queries that was logged; the number is bounded.
};

}  // namespace ccbus::chaincode
