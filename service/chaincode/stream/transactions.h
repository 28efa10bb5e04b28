#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/message/message_view.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

// The transactions of one handler, from accept() to their result. It sends nothing itself. Bus
// thread only.
//
// Every transaction that was accepted ends exactly once, and its call is finished with it: by
// complete(), expire(), fail(), fail_started() or abandon(). Or take_unstarted() removes it. The
// functions that end transactions throw nothing: if memory is exhausted, the text of the error is
// a short one.
class Transactions {
 public:
  // The references outlive this object. `registered_name` is empty until the registration.
  Transactions(HandlerId handler, const std::string& registered_name, Environment& environment);
  Transactions(const Transactions&) = delete;
  Transactions& operator=(const Transactions&) = delete;
  ~Transactions();  // All have ended (asserted).

  // Takes a transaction: it gets a deadline and counts among the open ones of its pool. Returns
  // false if it was refused; then its call has been finished, with kExhausted if too many are open
  // or kExists if it already runs.
  bool accept(Now now, std::unique_ptr<TransactionContext> context) noexcept;

  // Marks a transaction as started, whose INIT or TRANSACTION is about to be sent. Returns false if
  // it has ended, or was started before.
  bool start(const MessageView& message);

  // Returns a transaction that has been started; null if there is none. Only started transactions
  // may make requests.
  [[nodiscard]] TransactionContext* find(std::string_view channel, std::string_view tx) const;

  // Ends the transaction of a COMPLETED or ERROR. If it has ended before, the message is counted
  // and ignored.
  void complete(const MessageView& message) noexcept;

  // Ends a transaction whose deadline has passed. `silent` is the time since the stream's last
  // message, for the error text.
  void expire(TransactionContext& context, std::chrono::milliseconds silent) noexcept;

  // Ends a transaction with a failure. Returns false if there is no such transaction.
  bool fail(std::string_view channel, std::string_view tx, Outcome outcome,
            std::string_view error) noexcept;

  // Ends all transactions that have been started with a failure.
  void fail_started(Outcome outcome, std::string_view error) noexcept;

  // Ends the transaction of a callee whose caller has ended. The chaincode gets no message about
  // it. Returns the simulator; null if there is no such transaction of the chaincode `ns`.
  std::unique_ptr<ledger::TxSimulator> abandon(std::string_view channel, std::string_view tx,
                                               std::string_view ns) noexcept;

  // Removes and returns a transaction that was not started; null if there is none. It keeps its
  // call and its time of expiry.
  [[nodiscard]] std::unique_ptr<TransactionContext> take_unstarted() noexcept;

  [[nodiscard]] std::size_t size() const { return contexts_.size(); }

  // Counts a request that has been answered, or that ends without an answer.
  void count_completed(RequestMetrics& metrics, SteadyTime received, bool success);

 private:
  ShimMetrics& metrics_on(std::string_view channel);
  [[nodiscard]] std::optional<ExecutionResult> refusal(const TransactionContext& context) const;
  [[nodiscard]] ExecutionResult result_of_last(const MessageView& message,
                                               const TransactionContext& context) const;
  void enter(Now now, std::unique_ptr<TransactionContext>& context);
  void end(std::unique_ptr<TransactionContext> context, ExecutionResult result) noexcept;
  void release(TransactionContext& context) noexcept;

  // Set once, then read only.
  const HandlerId handler_;
  const std::string& registered_name_;
  Environment& environment_;

  TransactionContexts contexts_;
  std::map<std::string, ShimMetrics*, std::less<>> metrics_;  // By channel.
};

}  // namespace ccbus::chaincode
