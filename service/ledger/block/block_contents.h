#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/ids.h"

namespace ccbus::ledger {

// One envelope of a block, for who delivers events or looks transactions up.
struct BlockTransaction {
  TxId tx_id;                  // Empty where it cannot be read, like the next two.
  std::string chaincode_name;  // The one that was invoked.
  google::protobuf::Timestamp timestamp;
  protos::TxValidationCode code = protos::NOT_VALIDATED;  // That too where the block has none.

  // Of a sound endorser transaction whose chaincode set one, valid or not: `code` says whether it
  // happened.
  std::optional<protos::ChaincodeEvent> event;
};

// One for each envelope, in the order of the block. Any bytes are tolerated.
[[nodiscard]] std::vector<BlockTransaction> block_contents(const common::Block& block);

}  // namespace ccbus::ledger
