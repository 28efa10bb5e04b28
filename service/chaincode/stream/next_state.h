#pragma once

#include <memory>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/ids.h"

namespace ccbus::chaincode {

enum class SendToChaincode {
  kNo,     // Only the state machine is told.
  kAsync,  // Sent once the transition is complete; a failure ends the stream.
  kSync,   // As kAsync, and the failure is the handler's own error. READY only.
};

// What the service wants to happen to a handler. The message runs through the state machine as if
// it had been received, and goes to the chaincode once the transition is complete: the order that
// keeps an early answer from meeting a state that is not there yet.
struct NextState {
  HandlerId handler;
  std::unique_ptr<protos::ChaincodeMessage> message;  // Null ends the stream.
  SendToChaincode send = SendToChaincode::kAsync;
};

}  // namespace ccbus::chaincode
