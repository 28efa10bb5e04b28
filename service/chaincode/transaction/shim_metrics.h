#pragma once

#include <array>
#include <cstddef>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/metrics/histogram.h"
#include "service/metrics/labelled_metrics.h"
#include "service/metrics/single_writer_counter.h"

namespace ccbus::chaincode {

// The requests of one type. Every request that is received is completed once: by its answer, or
// with the transaction that ended before.
struct RequestMetrics {
  Count received;  // Not those that the gate of one request at a time has dropped.
  std::array<ShortSecondsHistogram, 2> completed;  // By success; seconds from receipt to answer.
};

// What one chaincode did on one channel.
struct ShimMetrics {
  std::array<RequestMetrics, protos::ChaincodeMessage::Type_ARRAYSIZE> requests;  // By type.
  Count execute_timeouts;
};

// By channel and the name that the chaincode registered.
//
// Source: Fabric's chaincode_shim_* and chaincode_execute_timeouts.
using LabelledShimMetrics = LabelledMetrics<2, ShimMetrics>;

}  // namespace ccbus::chaincode
