#pragma once

#include <array>

#include "service/metrics/histogram.h"
#include "service/metrics/labelled_metrics.h"
#include "service/metrics/single_writer_counter.h"

namespace ccbus::gateway {

// The proposals of one chaincode on one channel.
struct ProposalMetrics {
  std::array<ShortSecondsHistogram, 2> proposals;  // By success; seconds.
  Count chaincode_errors;                          // The response has an error status.
  Count simulation_failures;                       // There is no response.
  Count duplicates;                                // The transaction is already running.
};

// Written by the bus thread, read by any thread.
//
// Source: Fabric's endorser_*. A proposal that is refused before it is given to the engine (it is
// incomplete, its channel does not exist, or it cannot be signed) is not in `proposals`.
struct EndorserMetrics {
  Count received;
  Count successful;
  Count validation_failures;  // Incomplete: without channel, chaincode or arguments.
  LabelledMetrics<2, ProposalMetrics> proposals;  // By channel and chaincode.
};

}  // namespace ccbus::gateway
