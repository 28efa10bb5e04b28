#include "service/ordering/block_cutter.h"

#include <utility>

namespace ccbus::ordering {

BlockCutter::BlockCutter(const Limits& limits)
    : transactions_max_(limits.block_transactions_max),
      bytes_preferred_(limits.block_bytes_preferred) {}

std::vector<Batch> BlockCutter::add(OrderedEnvelope envelope) {
  std::vector<Batch> closed;
  const std::size_t bytes = envelope.size();
  if (has_pending() && pending_bytes_ + bytes > bytes_preferred_) closed.push_back(cut());
  pending_bytes_ += bytes;
  pending_.push_back(std::move(envelope));
  // One envelope can be larger than a block should be; it gets a block of its own.
  const bool is_full = pending_.size() >= transactions_max_ || pending_bytes_ > bytes_preferred_;
  if (is_full) closed.push_back(cut());
  return closed;
}

Batch BlockCutter::cut() {
  pending_bytes_ = 0;
  return std::exchange(pending_, {});
}

}  // namespace ccbus::ordering
