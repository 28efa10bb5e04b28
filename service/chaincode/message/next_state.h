#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

enum class SendToChaincode {
  kNo,     // The state machine handles the message; it is not sent.
  kAsync,  // Sent once the transition is complete. A send that fails ends the stream.
  kSync,   // The seed's synchronous send; here the same as kAsync. READY only (asserted).
};

// A message that the service has for a handler. It is one of the three inputs of the handler's
// loop, beside the messages of the chaincode and the timer. The state machine handles it first, and
// it is sent to the chaincode once the transition is complete, so that an early answer finds the
// handler in its new state.
//
// Other threads send it through the next-state pipe. What arises on the bus thread enters the state
// machine by the same function, without the pipe.
//
// Source: nextStateInfo and triggerNextState of Fabric v1.1's handler.go.
struct NextState {
  HandlerId handler;
  std::unique_ptr<protos::ChaincodeMessage> message;  // Null ends the stream.

  // For a RESPONSE or ERROR: the serial of the open request that it answers; 0 if it answers none.
  // If that request is no longer open, the next state is counted and not sent.
  std::uint64_t request = 0;

  SendToChaincode send = SendToChaincode::kAsync;

  // For an INIT or TRANSACTION that could not be prepared: why. Its transaction ends with this
  // error.
  std::optional<Error> failure = {};
};

// Makes one next state on another thread, for instance by signing the proposal of a transaction or
// by running a query. It owns or shares everything that prepare() uses.
class Preparation {
 public:
  virtual ~Preparation() = default;

  // Called once, on a worker thread. The result goes through the next-state pipe.
  [[nodiscard]] virtual NextState prepare() = 0;

  // Called in its place, or if it has thrown: the next state that tells of the failure. Allocates
  // nothing.
  [[nodiscard]] virtual NextState failed() noexcept = 0;
};

// Runs preparations. main.cc passes in the worker threads; tests run the preparations themselves.
class Preparers {
 public:
  virtual ~Preparers() = default;

  // Returns false, and leaves `preparation` untouched, if too many are waiting or too many of them
  // are its owner's. One that was cancelled before its turn is destroyed without having run, and no
  // next state comes of it. So is one that still waits when the service stops; by then every stream
  // has ended, and its transaction with it.
  //
  // Thread: bus thread.
  // Blocks: never.
  [[nodiscard]] virtual bool submit(std::unique_ptr<Preparation>& preparation, WorkLabel label) = 0;
};

}  // namespace ccbus::chaincode
