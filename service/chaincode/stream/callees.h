#pragma once

#include <cstdint>
#include <memory>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/chaincode/requests/requests.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

// Runs one chaincode for another, as a handler sees it; calls/calls.h does it. Bus thread only.
class Callees {
 public:
  virtual ~Callees() = default;

  // Starts the callee for the context's open request. What it finally sends becomes the next state
  // that answers that request.
  // Errors: Fabric's text, and nothing was started.
  [[nodiscard]] virtual Result<void> start(Now now, HandlerId caller, TransactionContext& context,
                                           CallChaincode call) = 0;

  // Ends the call of an open request, whose transaction has ended or has its answer, and returns
  // the simulator that the caller lent. A callee that still runs is abandoned.
  // Null if the caller lent none: the call went to another channel, or was not started.
  [[nodiscard]] virtual std::unique_ptr<ledger::TxSimulator> end(std::uint64_t request) = 0;
};

}  // namespace ccbus::chaincode
