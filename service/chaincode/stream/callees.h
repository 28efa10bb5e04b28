#pragma once

#include <cstdint>
#include <memory>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/chaincode/requests/requests.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

// What a handler needs in order to have one chaincode call another; calls/calls.h implements it.
// Bus thread only.
class Callees {
 public:
  virtual ~Callees() = default;

  // Starts the callee for the context's open request. The callee's last message becomes the next
  // state that answers that request.
  // Errors: with Fabric's text; then nothing was started. After an exception, call end().
  [[nodiscard]] virtual Result<void> start(Now now, HandlerId caller, TransactionContext& context,
                                           CallChaincode call) = 0;

  // Ends the call of an open request that has its answer, or whose transaction has ended. A callee
  // that still runs is abandoned. Returns the simulator that the callee had: on the caller's
  // channel it is the caller's own; on another channel it is not, and is of no use to the caller.
  // Returns null if no call was started for this request.
  [[nodiscard]] virtual std::unique_ptr<ledger::TxSimulator> end(
      std::uint64_t request) noexcept = 0;
};

}  // namespace ccbus::chaincode
