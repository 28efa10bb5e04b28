#pragma once

#include <string>

#include "service/ids.h"
#include "service/result.h"

namespace ccbus::ordering {

// Puts one channel's transactions into the order in which they will stand in its blocks.
class Orderer {
 public:
  virtual ~Orderer() = default;

  // Takes an encoded common::Envelope. Success means "in the order", not "in a block": the outcome
  // comes with the block.
  //
  // Thread: bus thread.
  // Blocks: never.
  // Errors: kInvalid the envelope is larger than a block may be; kExhausted too many are waiting;
  //         kPrecondition the orderer has stopped. In each case nothing was taken.
  [[nodiscard]] virtual Result<void> broadcast(TxId tx_id, std::string envelope) = 0;
};

}  // namespace ccbus::ordering
