#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fabric/peer/transaction.pb.h"
#include "service/base/ids.h"
#include "service/ledger/block/endorser_transaction.h"
#include "service/ledger/validate/mvcc_validator.h"

namespace ccbus::ledger {

// The outcome of one transaction of a block.
struct CommittedTransaction {
  TxId tx_id;  // As the orderer gave it; the client that waits knows the transaction by it.
  protos::TxValidationCode code = protos::NOT_VALIDATED;
  std::optional<ReadConflict> conflict;  // With MVCC_READ_CONFLICT and PHANTOM_READ_CONFLICT.
  TransactionKind kind;
  std::string policy_failure;  // What endorsements are missing, if any are.
  // Why private data that came with it were left out (match_private_data); empty if none were.
  std::string private_data_fault;
};

// How long the stages of a commit took.
struct CommitTimes {
  std::chrono::nanoseconds validate{0};
  std::chrono::nanoseconds prepare{0};  // The block and its changes are put together.
  std::chrono::nanoseconds write{0};    // The atomic write and its sync.
};

// What a commit made, for the clients that wait for it and for metrics.
struct BlockCommitted {
  ChannelId channel;
  std::uint64_t number = 0;
  std::vector<CommittedTransaction> transactions;  // In the order of the block.
  CommitTimes took;
};

}  // namespace ccbus::ledger
