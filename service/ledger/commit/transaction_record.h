#pragma once

#include <cstdint>

#include "fabric/peer/transaction.pb.h"

namespace ccbus::ledger {

// Where a transaction is, and what was decided about it.
struct TransactionRecord {
  std::uint64_t block_num = 0;
  std::uint32_t tx_num = 0;
  protos::TxValidationCode code = protos::NOT_VALIDATED;
};

}  // namespace ccbus::ledger
