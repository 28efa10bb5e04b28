// The part of a handler that runs transactions: from INIT or TRANSACTION to the one result.
#include <utility>

#include "service/base/assert.h"
#include "service/base/duration.h"
#include "service/base/parse_message.h"
#include "service/chaincode/stream/handler.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

ExecutionResult failed(Outcome outcome, std::string error) {
  ExecutionResult result;
  result.outcome = outcome;
  result.error = std::move(error);
  return result;
}

// What a chaincode reads or writes after it has answered is in nobody's transaction.
std::string describe_premature_completion(const TransactionContext& context) {
  return "transaction returned with failure: chaincode " + context.ns +
         " sent COMPLETED while its " + type_name(context.open_request->type) +
         " had no answer yet";
}

ExecutionResult result_of(const MessageView& message, const TransactionContext& context) {
  ExecutionResult result;
  if (!context.callers.empty()) result.message = encode(message);
  if (message.type == Message::ERROR) {
    result.error = "transaction returned with failure: " + std::string(message.payload);
    return result;
  }
  if (!parse(result.response, message.payload)) {
    return failed(Outcome::kFailed, "failed to unmarshal response for transaction " +
                                        context.key.tx.value + ": not a protos.Response (" +
                                        std::to_string(message.payload.size()) + " bytes)");
  }
  result.outcome = Outcome::kCompleted;
  if (message.chaincode_event != nullptr) {
    result.event = *message.chaincode_event;
    result.event->set_chaincode_id(context.ns);
    result.event->set_tx_id(context.key.tx.value);
  }
  return result;
}

std::string progress_of(const TransactionContext& context) {
  if (context.pending_query == nullptr) return "which still runs";
  return "which has looked at " + std::to_string(context.pending_query->task->examined()) +
         " documents so far";
}

// Which limit, its value, whose transaction it was, what it was doing and whether it is still
// there.
std::string describe_timeout(const TransactionContext& context, const std::string& registered_name,
                             std::chrono::milliseconds limit, std::chrono::milliseconds silent) {
  const std::string phase = context.requests == 0
                                ? "it has asked for nothing since it was started"
                                : "its last of " + std::to_string(context.requests) +
                                      " requests was " + type_name(context.last_request) + ", " +
                                      (context.open_request ? progress_of(context) : "answered");
  return "timeout expired while executing transaction (chaincode.executetimeout " +
         format_duration(limit) + "; chaincode " + registered_name + "; channel " +
         context.key.channel.value + "; transaction " + context.key.tx.value + "; phase: " + phase +
         "; the chaincode is still connected, last heard " + format_duration(silent) + " ago)";
}

}  // namespace

void Handler::start(Now now, std::unique_ptr<TransactionContext> context,
                    std::unique_ptr<Message> message) {
  const std::size_t limit = environment_.options.transactions_per_handler;
  if (contexts_.size() >= limit) {
    auto result =
        failed(Outcome::kExhausted,
               "chaincode " + registered_name_ + " has " + std::to_string(limit) +
                   " open transactions, which is the limit (limits.transactionsPerHandler)");
    result.simulator = std::move(context->simulator);
    context->call.finish(std::move(result));
    return;
  }
  TransactionContext* added = contexts_.add(context);
  if (added == nullptr) {
    auto result = failed(Outcome::kExists, "txid: " + context->key.tx.value + "(" +
                                               context->key.channel.value + ") exists");
    result.simulator = std::move(context->simulator);
    context->call.finish(std::move(result));
    return;
  }
  added->metrics = &metrics_on(added->key.channel.value);
  added->deadline =
      environment_.deadlines.add(now.steady + environment_.options.execute_timeout, {id_, added});
  environment_.registry.transaction_started(id_);
  NextState next{id_, std::move(message), SendToChaincode::kAsync};
  next_state(now, next);
  // A callee gets the caller's proposal. It is moved here and not copied before.
  if (auto* running = contexts_.find(next.message->channel_id(), next.message->txid())) {
    running->proposal = std::move(*next.message->mutable_proposal());
  }
}

// Arguments travel twice, in the payload and in the proposal: a request that was small enough to
// come in need not be small enough to go out.
bool Handler::refuse_transaction(const MessageView& message, const Error& why) {
  auto context = contexts_.remove(message.channel_id, message.txid);
  if (context == nullptr) return false;
  end_transaction(std::move(context),
                  failed(Outcome::kExhausted, type_name(message.type) + ": " + why.message));
  return true;
}

void Handler::finish(const EventContext& current) {
  const MessageView& message = *current.message;
  auto context = contexts_.remove(message.channel_id, message.txid);
  if (context == nullptr) {
    environment_.counters.add(Counter::kLateMessages);
    environment_.logger.debug("tx.late handler={} channel={} tx={} type={}", id_.value,
                              message.channel_id, txid8(message.txid), type_name(message.type));
    return;
  }
  environment_.counters.add(Counter::kTransactionsCompleted);
  ExecutionResult result = context->open_request && message.type == Message::COMPLETED
                               ? failed(Outcome::kFailed, describe_premature_completion(*context))
                               : result_of(message, *context);
  end_transaction(std::move(context), std::move(result));
}

void Handler::expire_transaction(const EventContext& current) {
  TransactionContext& expired = *current.context;
  const auto silent =
      std::chrono::duration_cast<std::chrono::milliseconds>(current.now.steady - last_heard_);
  const auto limit = environment_.options.execute_timeout;
  environment_.counters.add(Counter::kExecuteTimeouts);
  expired.metrics->execute_timeouts.add(1);
  environment_.logger.warn(
      "tx.deadline handler={} ccid={} channel={} tx={} limit_ms={} requests={}", id_.value,
      registered_name_, expired.key.channel.value, txid8(expired.key.tx.value), limit.count(),
      expired.requests);
  auto result =
      failed(Outcome::kDeadline, describe_timeout(expired, registered_name_, limit, silent));
  expired.deadline.reset();
  end_transaction(contexts_.remove(expired.key.channel.value, expired.key.tx.value),
                  std::move(result));
}

void Handler::end_transaction(std::unique_ptr<TransactionContext> context, ExecutionResult result) {
  CCBUS_ASSERT(context != nullptr);
  release(*context);
  result.simulator = std::move(context->simulator);
  context->call.finish(std::move(result));
}

std::unique_ptr<ledger::TxSimulator> Handler::abandon(const TxKey& key) {
  auto context = contexts_.remove(key.channel.value, key.tx.value);
  if (context == nullptr) return nullptr;
  environment_.logger.debug("tx.abandoned handler={} channel={} tx={}", id_.value,
                            key.channel.value, txid8(key.tx.value));
  release(*context);
  auto simulator = std::move(context->simulator);
  context->call.finish(failed(Outcome::kFailed, "the caller has ended"));
  return simulator;
}

// Found once for each channel: a transaction must not pay for more than a look into a small map.
ShimMetrics& Handler::metrics_on(std::string_view channel) {
  const auto at = metrics_.find(channel);
  if (at != metrics_.end()) return *at->second;
  ShimMetrics& metrics = environment_.metrics.of({channel, registered_name_});
  metrics_.emplace(channel, &metrics);
  return metrics;
}

// Takes from a transaction that ends what it has of the engine; its simulator stays.
void Handler::release(TransactionContext& context) {
  if (context.deadline) environment_.deadlines.remove(*context.deadline);
  environment_.registry.transaction_ended(id_);
  context.pending_query.reset();
  context.iterators = {};  // They read from the simulator, which leaves now.
  if (context.open_request) {
    count_completed(context.metrics->requests[context.open_request->type],
                    context.open_request->received, false);
  }
  if (context.open_request && context.open_request->type == Message::INVOKE_CHAINCODE) {
    auto returned = environment_.callees.abandon(context.open_request->serial);
    if (context.simulator == nullptr) context.simulator = std::move(returned);
  }
  CCBUS_ASSERT(context.simulator != nullptr);
}

}  // namespace ccbus::chaincode
