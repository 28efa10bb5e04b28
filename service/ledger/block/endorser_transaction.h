#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/ids.h"
#include "service/ledger/block/rwset.h"

namespace ccbus::ledger {

// The kind of a transaction as its header states it, valid or not.
struct TransactionKind {
  std::int32_t type = -1;      // A common::HeaderType or an unknown number; -1: unreadable.
  std::string chaincode_name;  // From the header's extension; empty if there is none.
  bool operator==(const TransactionKind&) const = default;
};

// An envelope is decoded in two steps; Fabric checks between them whether the transaction id was
// used before. Any bytes give a code; VALID means that no fault was found so far.

// The outer part: creator, channel, transaction id, and the one action that belongs to them.
struct TransactionFrame {
  protos::TxValidationCode code = protos::NOT_VALIDATED;
  // Also set if the code is not VALID; empty if they cannot be read.
  TxId tx_id;
  google::protobuf::Timestamp timestamp;  // The client's, from the channel header.
  TransactionKind kind;
  bool has_readable_extension = false;
  std::string chaincode_action;  // Encoded; read_chaincode_action() reads it.
};

[[nodiscard]] TransactionFrame read_frame(std::string_view envelope, const ChannelId& channel);

// The same without the check of the channel, for envelopes of a block, whose channel is known.
[[nodiscard]] TransactionFrame read_frame_of_any_channel(std::string_view envelope);

// What the chaincode answered: results, event, response. Returns nullopt if it cannot be decoded.
[[nodiscard]] std::optional<protos::ChaincodeAction> read_chaincode_action(
    const TransactionFrame& frame);

// The inner part: what the chaincode read and wrote.
struct TransactionBody {
  protos::TxValidationCode code = protos::NOT_VALIDATED;
  TxRwset rwset;
  std::string chaincode_version;  // As the endorsers have it; only of a VALID one, empty if they
                                  // do not say it.
};

// `frame` has the code VALID (asserted).
[[nodiscard]] TransactionBody read_body(const TransactionFrame& frame);

}  // namespace ccbus::ledger
