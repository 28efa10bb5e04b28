#pragma once

#include <cstddef>
#include <vector>

#include "service/base/limits.h"
#include "service/base/ordered_envelope.h"

namespace ccbus::ordering {

// The envelopes of one block, in order.
using Batch = std::vector<OrderedEnvelope>;

// Decides which envelopes go into one block. Pure: its owner decides when to cut early. The size of
// an envelope is that of its encoded bytes.
class BlockCutter {
 public:
  explicit BlockCutter(const Limits& limits);

  // Adds the next envelope and returns the batches that it closes: none, one, or two, because an
  // envelope above the preferred size first closes what is pending and then is a batch of its own.
  [[nodiscard]] std::vector<Batch> add(OrderedEnvelope envelope);

  // Returns what is pending, which may be no envelope at all.
  [[nodiscard]] Batch cut();

  [[nodiscard]] bool has_pending() const { return !pending_.empty(); }

 private:
  std::size_t transactions_max_;
  std::size_t bytes_preferred_;
  Batch pending_;
  std::size_t pending_bytes_ = 0;
};

}  // namespace ccbus::ordering
