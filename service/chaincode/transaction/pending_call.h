#pragma once

#include <exception>
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
  kCompleted,         // The chaincode answered; `response` is what it said, with any status.
  kFailed,            // The chaincode answered ERROR or bytes that are not a Response, or COMPLETED
                      // while a request was open; or the ledger cannot be read.
  kDeadline,          // chaincode.executetimeout passed.
  kStreamTerminated,  // The process has left, or its stream was ended.
  kSendFailed,        // A message of the transaction could not be sent to the chaincode.
  kNotConnected,      // No process of this chaincode is registered and ready.
  kExists,            // This transaction already runs on the chosen process.
  kExhausted,         // The process has as many open transactions as the limit allows, INIT or
                      // TRANSACTION would be too large, or too many proposals wait to be signed.
  kUndefined,         // The channel has no definition of this chaincode and requires one.
  kInvalidInvocation,  // INIT although none is required or the version has had it, or no INIT
                       // although the version requires one first.
  kUnprepared,         // The proposal could not be signed; nothing was sent.
  kShuttingDown,       // The service is stopping; nothing was sent.
  kServiceFailed,      // An exception in the service, mostly since memory is exhausted.
};

// The error of kServiceFailed. It is short enough for a std::string that allocates nothing.
inline constexpr const char* kServiceFailedText = "out of memory";

// How one execution ended.
struct ExecutionResult {
  Outcome outcome = Outcome::kFailed;
  std::string error;  // Fabric's text; empty if kCompleted.
  protos::Response response;
  std::optional<protos::ChaincodeEvent> event;  // With the service's ids, not the chaincode's.
  std::string message;  // A callee's last message, an encoded ChaincodeMessage; otherwise empty.

  // What was read and written. Null for a callee whose caller has ended before it, and possibly if
  // the outcome is kServiceFailed.
  std::unique_ptr<ledger::TxSimulator> simulator;
};

// The result of an execution that an exception has ended. Allocates nothing.
[[nodiscard]] inline ExecutionResult service_failed() noexcept {
  ExecutionResult result;
  result.outcome = Outcome::kServiceFailed;
  result.error = kServiceFailedText;
  return result;
}

// Fabric's text for an execution that was not completed. Some outcomes have "error sending: "
// before the error, as in Fabric.
[[nodiscard]] inline std::string execution_error(const ExecutionResult& result) {
  switch (result.outcome) {
    case Outcome::kDeadline:
    case Outcome::kStreamTerminated:
    case Outcome::kExists:
    case Outcome::kExhausted: return "error sending: " + result.error;
    default: return result.error;
  }
}

// The callback of one execution. It is called exactly once: on the answer, the deadline, the loss
// of the peer or shutdown. A call that is destroyed unfinished, which only an exception can bring
// about, is finished with kServiceFailed and without a simulator.
class PendingCall {
 public:
  // Runs on the bus thread, during an event of the engine. It may start other executions.
  using Callback = std::function<void(ExecutionResult)>;

  explicit PendingCall(Callback callback) : callback_(std::move(callback)) {
    CCBUS_ASSERT(callback_ != nullptr);
  }
  PendingCall(PendingCall&& other) noexcept : callback_(std::exchange(other.callback_, nullptr)) {}
  PendingCall& operator=(PendingCall&&) = delete;
  ~PendingCall() {
    if (callback_ != nullptr) finish(service_failed());
  }

  // An exception of the callback ends here: what it was to answer has answered itself by then, with
  // a PendingRequest or a PendingCall of its own.
  void finish(ExecutionResult result) noexcept {
    CCBUS_ASSERT(callback_ != nullptr);
    const Callback callback = std::exchange(callback_, nullptr);
    try {
      callback(std::move(result));
    } catch (const std::exception&) {
    }
  }

  [[nodiscard]] bool is_finished() const { return callback_ == nullptr; }

 private:
  Callback callback_;  // Null once finished.
};

}  // namespace ccbus::chaincode
