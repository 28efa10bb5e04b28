#pragma once

#include <cstddef>
#include <vector>

#include "service/base/limits.h"
#include "service/base/ordered_envelope.h"

namespace ccbus::ordering {

// The envelopes of one block, in order.
using Batch = std::vector<OrderedEnvelope>;

// Decides which envelopes make a block together. Pure: its owner decides when to cut early. The
// size that counts is that of the encoded envelope.
class BlockCutter {
 public:
  explicit BlockCutter(const Limits& limits);

  // Takes the next envelope and returns what it closes: no batch, one, or two, since an envelope
  // above the preferred size first closes what is pending and then stands alone.
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
