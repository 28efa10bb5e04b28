#pragma once

#include <array>
#include <cstddef>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/metrics/single_writer_counter.h"

namespace ccbus::chaincode {

// How many next states there were. Written by the bus thread, read by any.
struct NextStateMetrics {
  // Where they came from.
  enum class Origin : std::size_t { kBus, kPipe, kCount };
  using ByType = std::array<Count, protos::ChaincodeMessage::Type_ARRAYSIZE>;

  std::array<ByType, static_cast<std::size_t>(Origin::kCount)> handled;  // By origin and type.
  Count without_message;  // Of any origin: these end their stream.
  Count late;             // What they were for was over: not sent.
};

}  // namespace ccbus::chaincode
