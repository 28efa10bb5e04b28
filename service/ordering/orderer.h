#pragma once

#include "service/base/ordered_envelope.h"
#include "service/base/result.h"

namespace ccbus::ordering {

// Orders one channel's transactions. Blocks hold them in this order.
class Orderer {
 public:
  virtual ~Orderer() = default;

  // Takes a transaction. Success means that it is ordered, not that it is in a block: the outcome
  // comes with the block.
  //
  // Thread: bus thread.
  // Blocks: never.
  // Errors: kInvalid the envelope is larger than a block may be; kExhausted too many are waiting,
  //         or the disk is nearly full; kUnavailable nothing can be committed for the moment;
  //         kPrecondition the orderer has stopped. In each case the transaction was not taken.
  [[nodiscard]] virtual Result<void> broadcast(OrderedEnvelope envelope) = 0;
};

}  // namespace ccbus::ordering
