#pragma once

#include <array>
#include <cstddef>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/metrics/histogram.h"
#include "service/metrics/labelled_metrics.h"
#include "service/metrics/single_writer_counter.h"

namespace ccbus::chaincode {

// The requests of one type. Every request that is received is completed once: by its answer, or by
// the end of its transaction if that comes first.
struct RequestMetrics {
  Count received;  // Without those that were dropped since another request was open.
  std::array<ShortSecondsHistogram, 2> completed;  // By success; seconds from receipt to answer.
};

// What one chaincode did on one channel.
struct ShimMetrics {
  std::array<RequestMetrics, protos::ChaincodeMessage::Type_ARRAYSIZE> requests;  // By type.
  Count execute_timeouts;
};

// By channel, and by the name under which the chaincode has registered.
//
// Source: Fabric's chaincode_shim_* and chaincode_execute_timeouts.
using LabelledShimMetrics = LabelledMetrics<2, ShimMetrics>;

}  // namespace ccbus::chaincode
