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
  std::string private_data;  // An encoded rwset.TxPvtReadWriteSet; empty without private data.
  protos::Response response;
  std::optional<protos::ChaincodeEvent> event;
};

// Returns OK if the simulated transaction may be ordered; otherwise why not, with Fabric's text. A
// response of the chaincode with an error status gives UNKNOWN.
[[nodiscard]] ccbus::Status endorsement_refusal(const Endorsed& endorsed);

// Takes the results of a simulation that may be ordered, and ends the simulation.
[[nodiscard]] Endorsement make_endorsement(Endorsed endorsed);

}  // namespace ccbus::gateway
