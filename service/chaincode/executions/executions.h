#pragma once

#include <memory>
#include <string>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/tx_key_map.h"
#include "service/chaincode/executions/execution.h"
#include "service/chaincode/executions/invocation_rules.h"
#include "service/chaincode/message/next_state.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/streams.h"
#include "service/chaincode/transaction/pending_call.h"

namespace ccbus::chaincode {

// Begins transactions: checks that the chaincode may run, picks a member of its pool and gives it
// the transaction. The INIT or TRANSACTION follows as a next state, from a signer's thread if the
// proposal is not signed yet. Bus thread only.
class Executions {
 public:
  // The references outlive this object, and the preparations that `signers` runs.
  Executions(Environment& environment, Streams& streams, Preparers& signers)
      : environment_(environment), streams_(streams), signers_(signers) {}

  // Runs a transaction on the pool member that has the fewest open ones. Returns that member, or
  // HandlerId{0} if the transaction was refused. `done` is called exactly once: before this returns
  // if the transaction was refused, later otherwise. An exception refuses it: kServiceFailed.
  HandlerId execute(Now now, Execution execution, PendingCall::Callback done) noexcept;

  // Moves the transactions that the chaincode of an ended handler was never sent to other members
  // of their pools. They fail if the pool has no ready member, or if the service is stopping.
  void take_over(Now now, Handler& ended) noexcept;

  // Returns the handler that has taken over the transaction which this next state begins, and
  // forgets it: call this once for each next state. Null if no handler has taken it over.
  [[nodiscard]] Handler* take_successor(const NextState& next) noexcept;

  // From now on take_over() ends the transactions instead of moving them.
  void stop() { is_stopping_ = true; }

 private:
  // Ends a transaction whose proposal nobody will sign.
  void refuse_to_sign(HandlerId handler,
                      std::unique_ptr<protos::ChaincodeMessage> message) noexcept;
  [[nodiscard]] InvocationVerdict check(const Execution& execution);
  [[nodiscard]] HandlerId pick(const std::string& chaincode, const ChannelId& channel) const;
  // Finishes the call if the transaction is refused; otherwise moves it into the transaction.
  HandlerId begin(Now now, Execution& execution, PendingCall& call);
  void take_over(Now now, HandlerId ended, std::unique_ptr<TransactionContext> context);

  Environment& environment_;
  Streams& streams_;
  Preparers& signers_;
  TxKeyMap<HandlerId> successors_;  // Until the next state comes, or the end.
  bool is_stopping_ = false;
};

}  // namespace ccbus::chaincode
