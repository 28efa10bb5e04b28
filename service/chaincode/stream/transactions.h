#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/message/message_view.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

// The transactions of one handler, from the moment that one is given to it to the one result.
// Everything about them but what is said on the stream. Bus thread only.
//
// Every transaction that was accepted ends exactly once, and its call with it: by complete(),
// expire(), fail(), fail_started() or abandon(), or it leaves by take_unstarted().
class Transactions {
 public:
  // Both outlive it; `registered_name` is filled by the registration.
  Transactions(HandlerId handler, const std::string& registered_name, Environment& environment);
  Transactions(const Transactions&) = delete;
  Transactions& operator=(const Transactions&) = delete;
  ~Transactions();  // All have ended (asserted).

  // Takes a transaction: from now on it has a deadline and counts among the pool's.
  // False if it was refused, and its call ended: kExhausted too many are open, kExists it runs
  // already.
  bool accept(Now now, std::unique_ptr<TransactionContext> context);

  // Its INIT or TRANSACTION is about to be sent. False if the transaction is over already.
  bool start(const MessageView& message);

  // One that has been started; null if there is none. What has not been sent a TRANSACTION has
  // nothing to ask for.
  [[nodiscard]] TransactionContext* find(std::string_view channel, std::string_view tx) const;

  // COMPLETED or ERROR came. One of a transaction that is over is counted and ignored.
  void complete(const MessageView& message);

  // The deadline of `context` has passed. `silent`: for how long nothing has come on the stream.
  void expire(TransactionContext& context, std::chrono::milliseconds silent);

  // Ends one without a result of the chaincode's. False if there is no such transaction.
  bool fail(std::string_view channel, std::string_view tx, Outcome outcome, std::string error);
  // All that have been started.
  void fail_started(Outcome outcome, const std::string& error);

  // Ends a callee's transaction whose caller has ended: nobody waits any more. The chaincode is not
  // told. Returns the simulator; null if there is no such transaction.
  std::unique_ptr<ledger::TxSimulator> abandon(const TxKey& key, const std::string& ns);

  // Takes out those that were not started. They keep their calls and deadlines.
  [[nodiscard]] std::vector<std::unique_ptr<TransactionContext>> take_unstarted();

  [[nodiscard]] std::size_t size() const { return contexts_.size(); }

  // Counts a request that has its answer, or never gets one.
  void count_completed(RequestMetrics& metrics, SteadyTime received, bool success);

 private:
  ShimMetrics& metrics_on(std::string_view channel);
  void end(std::unique_ptr<TransactionContext> context, ExecutionResult result);
  void release(TransactionContext& context);

  // Set once, then read only.
  const HandlerId handler_;
  const std::string& registered_name_;
  Environment& environment_;

  TransactionContexts contexts_;
  std::map<std::string, ShimMetrics*, std::less<>> metrics_;  // By channel.
};

}  // namespace ccbus::chaincode
