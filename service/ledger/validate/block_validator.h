#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fabric/peer/transaction.pb.h"
#include "service/base/ids.h"
#include "service/base/ordered_envelope.h"
#include "service/base/result.h"
#include "service/ledger/block/endorser_transaction.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/policy/channel_trust.h"
#include "service/ledger/state/state_view.h"
#include "service/ledger/validate/block_updates.h"
#include "service/ledger/validate/capability.h"
#include "service/ledger/validate/mvcc_validator.h"

namespace ccbus::ledger {

struct ValidatedTransaction {
  TxId tx_id;  // From the envelope; empty if it cannot be read.
  protos::TxValidationCode code = protos::NOT_VALIDATED;
  std::optional<ReadConflict> conflict;
  std::string
      policy_failure;  // With ENDORSEMENT_POLICY_FAILURE, INVALID_CHAINCODE: what is missing.
  TransactionKind kind;
  bool is_on_record = false;  // It is the one that is found by tx_id.
  google::protobuf::Timestamp timestamp;
  TxRwset rwset;  // Of a valid transaction only.
};

struct ValidatedBlock {
  std::vector<ValidatedTransaction> transactions;  // One for each envelope.
  BlockUpdates updates;                            // Without private values.
};

// Whether an earlier block has a transaction with this id, valid or not.
using IsKnown = std::function<Result<bool>(const TxId&)>;

struct BlockToValidate {
  const ChannelId& channel;
  std::uint64_t number;
  Capability capability;  // Of this block.
  // The configuration of the channel in the state below the block; null if it has none. With
  // Capability::kEndorsements the block is judged by it.
  const ChannelTrust* trust = nullptr;
};

// Validates every envelope of a block and collects the writes of the valid ones. Pure,
// except for what `committed` and `is_known` read: every replica gets the same result.
//
// Errors: those of `committed` and `is_known`. A bad envelope is not an error.
[[nodiscard]] Result<ValidatedBlock> validate_block(const BlockToValidate& of,
                                                    const std::vector<OrderedEnvelope>& envelopes,
                                                    const StateView& committed,
                                                    const IsKnown& is_known);

}  // namespace ccbus::ledger
