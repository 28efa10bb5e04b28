#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/ids.h"

namespace ccbus::ledger {

// One envelope of a block, for delivering events and looking up transactions.
struct BlockTransaction {
  TxId tx_id;                  // Empty if it cannot be read, like the next two.
  std::string chaincode_name;  // The one that was invoked.
  google::protobuf::Timestamp timestamp;
  std::int32_t type = -1;  // A common::HeaderType or an unknown number; -1: unreadable.
  protos::TxValidationCode code = protos::NOT_VALIDATED;  // Also if the block has no code for it.

  // The event of an endorser transaction whose chaincode set one. It counts only if `code` is
  // VALID.
  std::optional<protos::ChaincodeEvent> event;
};

// One for each envelope, in the order of the block. Envelopes may hold any bytes.
[[nodiscard]] std::vector<BlockTransaction> block_contents(const common::Block& block);

}  // namespace ccbus::ledger
