#pragma once

#include <string>

#include "service/base/clock.h"
#include "service/base/ids.h"

namespace ccbus {

// One envelope on its way from the orderer to the ledger. `bytes` is an encoded common::Envelope
// and the only thing that decides what happens to the transaction; `tx_id` says who waits for it,
// also when the bytes turn out to be unreadable.
struct OrderedEnvelope {
  TxId tx_id;
  std::string bytes;
  std::string private_data = {};  // An encoded rwset.TxPvtReadWriteSet; empty where there is none.
  SteadyTime ordered = {};        // When the orderer took it.
};

}  // namespace ccbus
