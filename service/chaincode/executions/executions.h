#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/executions/execution.h"
#include "service/chaincode/executions/invocation_rules.h"
#include "service/chaincode/message/next_state.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/streams.h"
#include "service/chaincode/transaction/pending_call.h"

namespace ccbus::chaincode {

// Begins transactions: checks that the chaincode may run, picks a member of its pool, gives it the
// transaction, and sees to it that its INIT or TRANSACTION follows as a next state, from a signer's
// thread if the proposal is still to be signed. Bus thread only.
class Executions {
 public:
  // All outlive it, and the preparations that `signers` runs.
  Executions(Environment& environment, Streams& streams, Preparers& signers)
      : environment_(environment), streams_(streams), signers_(signers) {}

  // Runs a transaction on the pool member that has the least to do, which is returned;
  // HandlerId{0} if the transaction was refused. `done` is called exactly once, also before this
  // returns if it was refused.
  HandlerId execute(Now now, Execution execution, PendingCall::Callback done);

  // Gives the transactions that an ended handler's chaincode was never sent to other members of
  // their pools. They fail where there is none, or where the service stops.
  void take_over(Now now, Handler& ended);

  // The handler that has taken over the transaction which this next state begins; null if none
  // has. Once for each next state.
  [[nodiscard]] Handler* take_successor(const NextState& next);

  // Nothing is taken over any more.
  void stop() { is_stopping_ = true; }

 private:
  [[nodiscard]] InvocationVerdict check(const Execution& execution);

  Environment& environment_;
  Streams& streams_;
  Preparers& signers_;
  std::unordered_map<TxKey, HandlerId> successors_;  // Of transactions whose next state is to come.
  bool is_stopping_ = false;
};

}  // namespace ccbus::chaincode
