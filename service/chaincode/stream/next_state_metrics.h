#pragma once

#include <array>
#include <cstddef>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/metrics/single_writer_counter.h"

namespace ccbus::chaincode {

// Counters of next states. Written by the bus thread, read by any thread.
struct NextStateMetrics {
  // Where they came from.
  enum class Origin : std::size_t { kBus, kPipe, kCount };
  using ByType = std::array<Count, protos::ChaincodeMessage::Type_ARRAYSIZE>;

  std::array<ByType, static_cast<std::size_t>(Origin::kCount)> handled;  // By origin and type.
  Count without_message;  // Of any origin; these end their stream.
  Count late;             // Not sent, since their transaction, request or stream had ended.
};

}  // namespace ccbus::chaincode
