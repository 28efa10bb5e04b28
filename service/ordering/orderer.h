#pragma once

#include "service/base/ordered_envelope.h"
#include "service/base/result.h"

namespace ccbus::ordering {

// Puts one channel's transactions into the order in which they will stand in its blocks.
class Orderer {
 public:
  virtual ~Orderer() = default;

  // Takes a transaction. Success means "in the order", not "in a block": the outcome
  // comes with the block.
  //
  // Thread: bus thread.
  // Blocks: never.
  // Errors: kInvalid the envelope is larger than a block may be; kExhausted too many are waiting;
  //         kPrecondition the orderer has stopped. In each case nothing was taken.
  [[nodiscard]] virtual Result<void> broadcast(OrderedEnvelope envelope) = 0;
};

}  // namespace ccbus::ordering
