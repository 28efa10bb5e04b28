#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "service/base/ordered_envelope.h"

namespace ccbus {

// A place in the log that orders a channel's transactions. Positions grow along the log; 0 is in
// front of its first entry. The embedded log counts its batches: the first one has position 1.
struct LogPosition {
  std::uint64_t value = 0;
  auto operator<=>(const LogPosition&) const = default;
};

// One entry of the log: the envelopes of one block, in their order.
struct OrderedBatch {
  std::vector<OrderedEnvelope> envelopes;
  LogPosition position;
  std::string log_state = {};  // What is kept with the position for the log; empty: nothing.
};

}  // namespace ccbus
