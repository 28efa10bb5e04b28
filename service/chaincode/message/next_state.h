#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/ids.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

enum class SendToChaincode {
  kNo,     // Only the state machine is told.
  kAsync,  // Sent once the transition is complete; a failure ends the stream.
  kSync,   // As kAsync, and the failure is the handler's own error. READY only.
};

// What the service wants to happen to a handler: the third source of the seed's loop, beside the
// messages that the chaincode sends and the timer. The message runs through the state machine
// first, and goes to the chaincode once the transition is complete: the order that keeps an early
// answer from meeting a state that is not there yet.
//
// Another thread sends it through the next-state pipe; what arises on the bus thread takes the same
// way into the state machine without the pipe.
//
// Source: nextStateInfo and triggerNextState of Fabric v1.1's handler.go.
struct NextState {
  HandlerId handler;
  std::unique_ptr<protos::ChaincodeMessage> message;  // Null ends the stream.

  // Of a RESPONSE or ERROR: the serial of the open request that it answers. If that is open no
  // more, the next state is counted and not sent. 0: it answers none.
  std::uint64_t request = 0;

  SendToChaincode send = SendToChaincode::kAsync;

  // Of an INIT or TRANSACTION: why it cannot be sent. Its transaction ends with this.
  std::optional<Error> failure = {};
};

// Makes one next state on another thread: signs the proposal of a transaction, looks for the
// results of a query. It owns or shares all that prepare() touches.
class Preparation {
 public:
  virtual ~Preparation() = default;

  // On a worker thread, once. The result goes through the next-state pipe.
  [[nodiscard]] virtual NextState prepare() = 0;
};

// Takes preparations. main.cc plugs worker threads in; tests run them when they like.
class Preparers {
 public:
  virtual ~Preparers() = default;

  // Thread: bus thread. Blocks: never. False: too many are waiting, and `preparation` is untouched.
  // One that still waits when the service stops is destroyed without having run: by then every
  // stream has ended, and with it the transaction.
  [[nodiscard]] virtual bool submit(std::unique_ptr<Preparation>& preparation) = 0;
};

}  // namespace ccbus::chaincode
