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

// What a transaction says that it is, whether or not it is valid.
struct TransactionKind {
  std::int32_t type = -1;      // A common::HeaderType, or a number that is none; -1: unreadable.
  std::string chaincode_name;  // As the header's extension has it; empty where it has none.
  bool operator==(const TransactionKind&) const = default;
};

// An envelope taken apart in two steps, with Fabric's look for a used transaction id between them.
// Any bytes give a code; VALID means "nothing wrong so far".

// The outer part: who, on which channel, under which id, and one action that is bound to it.
struct TransactionFrame {
  protos::TxValidationCode code = protos::NOT_VALIDATED;
  // Also given where the code is not VALID; empty where they cannot be read.
  TxId tx_id;
  google::protobuf::Timestamp timestamp;  // The client's, from the channel header.
  TransactionKind kind;
  bool has_readable_extension = false;
  std::string chaincode_action;  // Encoded; read_chaincode_action() reads it.
};

[[nodiscard]] TransactionFrame read_frame(std::string_view envelope, const ChannelId& channel);

// The same for who has the envelope from a block, and with it from the right channel.
[[nodiscard]] TransactionFrame read_frame_of_any_channel(std::string_view envelope);

// What the chaincode answered: results, event, response. Nothing where it cannot be decoded.
[[nodiscard]] std::optional<protos::ChaincodeAction> read_chaincode_action(
    const TransactionFrame& frame);

// The inner part: what the chaincode read and wrote.
struct TransactionBody {
  protos::TxValidationCode code = protos::NOT_VALIDATED;
  TxRwset rwset;
};

// `frame` has the code VALID (asserted).
[[nodiscard]] TransactionBody read_body(const TransactionFrame& frame);

}  // namespace ccbus::ledger
