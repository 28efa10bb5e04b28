#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/assert.h"
#include "service/ledger/simulator.h"

namespace ccbus::chaincode {

enum class Outcome {
  kCompleted,         // The chaincode answered; `response` is whatever it said, any status.
  kFailed,            // The chaincode answered ERROR, or something that is no Response.
  kDeadline,          // chaincode.executetimeout passed.
  kStreamTerminated,  // The process left, or its stream was ended.
  kSendFailed,        // INIT or TRANSACTION could not be sent.
  kNotConnected,      // Nobody has registered this chaincode.
  kExists,            // This transaction runs already.
  kExhausted,         // The chaincode has as many open transactions as the limit lets it.
};

// How one execution ended.
struct ExecutionResult {
  Outcome outcome = Outcome::kFailed;
  std::string error;  // Fabric's text, unless kCompleted.
  protos::Response response;
  std::optional<protos::ChaincodeEvent> event;  // Its ids are the service's, not the chaincode's.
  std::unique_ptr<ledger::TxSimulator> simulator;  // What was read and written; never null.
};

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
