#pragma once

#include <optional>
#include <string>

#include "ccbus/client.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "service/base/ids.h"
#include "service/gateway/transactions/endorser.h"

namespace ccbus::gateway {

// A transaction that is ready to be ordered.
struct Endorsement {
  TxKey key;
  std::string envelope;      // An encoded common.Envelope.
  std::string private_data;  // An encoded rwset.TxPvtReadWriteSet; empty where there is none.
  protos::Response response;
  std::optional<protos::ChaincodeEvent> event;
};

// Why what was simulated may not be ordered, in Fabric's words; OK where it may. A chaincode's own
// error is UNKNOWN.
[[nodiscard]] ccbus::Status endorsement_refusal(const Endorsed& endorsed);

// Takes the results of a simulation that may be ordered, and ends it.
[[nodiscard]] Endorsement make_endorsement(Endorsed endorsed);

}  // namespace ccbus::gateway
