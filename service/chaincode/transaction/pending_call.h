#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/assert.h"
#include "service/ledger/simulate/simulator.h"

namespace ccbus::chaincode {

enum class Outcome {
  kCompleted,          // The chaincode answered; `response` is what it said, with any status.
  kFailed,             // The chaincode answered ERROR, or something that is no Response.
  kDeadline,           // chaincode.executetimeout passed.
  kStreamTerminated,   // The process left, or its stream was ended.
  kSendFailed,         // INIT or TRANSACTION could not be sent.
  kNotConnected,       // Nobody has registered this chaincode.
  kExists,             // This transaction runs already.
  kExhausted,          // The chaincode has as many open transactions as the limit lets it, or
                       // INIT or TRANSACTION would be too large.
  kUndefined,          // The channel has no definition of it, and must have one.
  kInvalidInvocation,  // INIT where none is due, or none where one is.
  kUnprepared,         // Its proposal could not be signed; nothing was sent.
  kShuttingDown,       // The service stops; nothing was sent.
};

// How one execution ended.
struct ExecutionResult {
  Outcome outcome = Outcome::kFailed;
  std::string error;  // Fabric's text, unless kCompleted.
  protos::Response response;
  std::optional<protos::ChaincodeEvent> event;  // Its ids are the service's, not the chaincode's.
  std::string message;  // What a callee finally sent, an encoded ChaincodeMessage; else empty.

  // What was read and written. Never null, but for a callee whose caller has ended before it.
  std::unique_ptr<ledger::TxSimulator> simulator;
};

// Fabric's text for an execution that ended without an answer: it marks what went wrong on the way.
[[nodiscard]] inline std::string execution_error(const ExecutionResult& result) {
  switch (result.outcome) {
    case Outcome::kDeadline:
    case Outcome::kStreamTerminated:
    case Outcome::kExists:
    case Outcome::kExhausted: return "error sending: " + result.error;
    default: return result.error;
  }
}

// Somebody waits for an execution. It ends exactly once: by answer, deadline, loss of the peer or
// shutdown. A call that is forgotten is a bug and stops the process.
class PendingCall {
 public:
  // Runs on the bus thread, inside the engine's turn; it may start other executions.
  using Callback = std::function<void(ExecutionResult)>;

  explicit PendingCall(Callback callback) : callback_(std::move(callback)) {
    CCBUS_ASSERT(callback_ != nullptr);
  }
  PendingCall(PendingCall&& other) noexcept : callback_(std::exchange(other.callback_, nullptr)) {}
  PendingCall& operator=(PendingCall&&) = delete;
  ~PendingCall() { CCBUS_ASSERT(callback_ == nullptr); }

  void finish(ExecutionResult result) {
    CCBUS_ASSERT(callback_ != nullptr);
    std::exchange(callback_, nullptr)(std::move(result));
  }

 private:
  Callback callback_;  // Null once finished.
};

}  // namespace ccbus::chaincode
