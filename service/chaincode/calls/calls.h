#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "service/chaincode/executions/executions.h"
#include "service/chaincode/stream/callees.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/streams.h"
#include "service/chaincode/transaction/simulators.h"

namespace ccbus::chaincode {

// Runs chaincodes that are called by other chaincodes, with one record for every INVOKE_CHAINCODE
// that has no answer yet. A callee runs like any transaction. On the caller's channel it uses the
// caller's simulator, so that both have one read-write set. Bus thread only.
//
// Source: Fabric's HandleInvokeChaincode in handler.go at HEAD.
class Calls final : public Callees {
 public:
  // The references outlive this object.
  Calls(Environment& environment, Streams& streams, Executions& executions, Simulators& simulators)
      : environment_(environment),
        streams_(streams),
        executions_(executions),
        simulators_(simulators) {}

  Result<void> start(Now now, HandlerId caller, TransactionContext& context,
                     CallChaincode call) override;
  std::unique_ptr<ledger::TxSimulator> end(std::uint64_t request) noexcept override;

 private:
  struct Call {
    HandlerId caller;
    TxKey caller_key;
    Callee callee;
    HandlerId handler;  // The handler that began the callee; another one may have taken it over.
    bool has_ended = false;
    std::unique_ptr<ledger::TxSimulator> returned;  // The simulator of a callee that has ended.
  };

  [[nodiscard]] Result<void> check(const TransactionContext& context, const Callee& callee) const;
  [[nodiscard]] Result<void> check_channel(HandlerId caller, const TransactionContext& context,
                                           const ChannelId& channel) const;
  [[nodiscard]] std::unique_ptr<ledger::TxSimulator> abandon(const Call& call) noexcept;
  void finish(std::uint64_t request, ExecutionResult result) noexcept;
  // Answers the caller by a next state.
  void answer(const Call& call, std::uint64_t request, ExecutionResult result);

  Environment& environment_;
  Streams& streams_;
  Executions& executions_;
  Simulators& simulators_;
  std::unordered_map<std::uint64_t, Call> calls_;  // By the serial of the caller's open request.
};

}  // namespace ccbus::chaincode
