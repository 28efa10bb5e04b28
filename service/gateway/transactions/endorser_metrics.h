#pragma once

#include <array>

#include "service/metrics/histogram.h"
#include "service/metrics/labelled_metrics.h"
#include "service/metrics/single_writer_counter.h"

namespace ccbus::gateway {

// Proposals of one chaincode on one channel that were simulated, or should have been.
struct ProposalMetrics {
  std::array<ShortSecondsHistogram, 2> proposals;  // By success; seconds.
  Count chaincode_errors;                          // Answered with a status that is an error.
  Count simulation_failures;                       // No answer.
  Count duplicates;                                // The transaction runs already.
};

// Written by the bus thread, read by any.
//
// Source: Fabric's endorser_*. A proposal that is not valid, or for no channel, is only counted
// among those received.
struct EndorserMetrics {
  Count received;
  Count successful;
  Count validation_failures;
  LabelledMetrics<2, ProposalMetrics> proposals;  // By channel and chaincode.
};

}  // namespace ccbus::gateway
