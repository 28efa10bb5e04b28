#pragma once

#include <cstddef>
#include <string>

#include "service/base/clock.h"
#include "service/base/ids.h"

namespace ccbus {

// One envelope on its way from the orderer to the ledger. `bytes` is an encoded common::Envelope;
// it alone decides what happens to the transaction. `tx_id` finds the client that waits for it,
// even if the bytes cannot be decoded.
struct OrderedEnvelope {
  TxId tx_id;
  std::string bytes;
  std::string private_data = {};  // An encoded rwset.TxPvtReadWriteSet, or empty.
  SteadyTime ordered = {};        // When the orderer accepted it.
  PeerId client = {};             // Whose share of the queue it takes.

  // What it counts for in queues and blocks.
  [[nodiscard]] std::size_t size() const { return bytes.size() + private_data.size(); }
};

}  // namespace ccbus
