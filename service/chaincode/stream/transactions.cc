#include "service/chaincode/stream/transactions.h"

#include <exception>
#include <utility>
#include <vector>

#include "service/base/assert.h"
#include "service/base/duration.h"
#include "service/base/parse_message.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

ExecutionResult failed(Outcome outcome, std::string error) {
  ExecutionResult result;
  result.outcome = outcome;
  result.error = std::move(error);
  return result;
}

// The text for a chaincode that sent COMPLETED while one of its requests was open. What that
// request reads or writes would belong to no transaction.
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
  if (!take_payload(message, result.response, kDecodedOverheadMax)) {
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
  if (context.slow_answer == nullptr) return "which still runs";
  return "which has looked at " + std::to_string(context.slow_answer->examined()) +
         " documents so far";
}

// What the transaction was doing when its deadline passed.
std::string phase_of(const TransactionContext& context) {
  if (!context.is_started) return "its proposal was being signed";
  if (context.requests == 0) return "it has asked for nothing since it was started";
  return "its last of " + std::to_string(context.requests) + " requests was " +
         type_name(context.last_request) + ", " +
         (context.open_request ? progress_of(context) : "answered");
}

// Says which limit was reached and its value, which transaction it was, what it was doing, and when
// its chaincode was last heard.
std::string describe_timeout(const TransactionContext& context, const std::string& registered_name,
                             std::chrono::milliseconds limit, std::chrono::milliseconds silent) {
  return "timeout expired while executing transaction (chaincode.executetimeout " +
         format_duration(limit) + "; chaincode " + registered_name + "; channel " +
         context.key.channel.value + "; transaction " + context.key.tx.value +
         "; phase: " + phase_of(context) + "; the chaincode is still connected, last heard " +
         format_duration(silent) + " ago)";
}

}  // namespace

Transactions::Transactions(HandlerId handler, const std::string& registered_name,
                           Environment& environment)
    : handler_(handler), registered_name_(registered_name), environment_(environment) {}

Transactions::~Transactions() {
  CCBUS_ASSERT(contexts_.size() == 0);
}

bool Transactions::accept(Now now, std::unique_ptr<TransactionContext> context) noexcept {
  ExecutionResult result;
  try {
    if (auto refused = refusal(*context)) {
      result = std::move(*refused);
    } else {
      enter(now, context);
      return true;
    }
  } catch (const std::exception&) {
    result = service_failed();
  }
  result.simulator = std::move(context->simulator);
  context->call.finish(std::move(result));
  return false;
}

std::optional<ExecutionResult> Transactions::refusal(const TransactionContext& context) const {
  const std::size_t limit = environment_.options.transactions_per_handler;
  if (contexts_.size() >= limit) {
    return failed(Outcome::kExhausted,
                  "chaincode " + registered_name_ + " has " + std::to_string(limit) +
                      " open transactions, which is the limit (limits.transactionsPerHandler)");
  }
  const auto& [channel, tx] = context.key;
  if (contexts_.find(channel.value, tx.value) != nullptr) {
    return failed(Outcome::kExists, "txid: " + tx.value + "(" + channel.value + ") exists");
  }
  return std::nullopt;
}

// If it throws, nothing is changed.
void Transactions::enter(Now now, std::unique_ptr<TransactionContext>& context) {
  context->metrics = &metrics_on(context->key.channel.value);
  if (!context->due) context->due = now.steady + environment_.options.execute_timeout;
  context->deadline = environment_.deadlines.add(*context->due, {handler_, context.get()});
  try {
    const TransactionContext* added = contexts_.add(context);
    CCBUS_ASSERT(added != nullptr);  // refusal() has looked.
  } catch (...) {
    environment_.deadlines.remove(*std::exchange(context->deadline, std::nullopt));
    throw;
  }
  environment_.registry.transaction_started(handler_);
}

bool Transactions::start(const MessageView& message) {
  TransactionContext* context = contexts_.find(message.channel_id, message.txid);
  if (context == nullptr || context->is_started) return false;
  context->is_started = true;
  environment_.counters.add(Counter::kTransactionsStarted);
  return true;
}

TransactionContext* Transactions::find(std::string_view channel, std::string_view tx) const {
  TransactionContext* context = contexts_.find(channel, tx);
  return context != nullptr && context->is_started ? context : nullptr;
}

void Transactions::complete(const MessageView& message) noexcept {
  TransactionContext* context = find(message.channel_id, message.txid);
  if (context == nullptr) {
    environment_.counters.add(Counter::kLateMessages);
    environment_.logger.debug("tx.late handler={} channel={} tx={} type={}", handler_.value,
                              message.channel_id, txid8(message.txid), type_name(message.type));
    return;
  }
  environment_.counters.add(Counter::kTransactionsCompleted);
  ExecutionResult result;
  try {
    result = result_of_last(message, *context);
  } catch (const std::exception&) {
    result = service_failed();
  }
  end(contexts_.remove(message.channel_id, message.txid), std::move(result));
}

ExecutionResult Transactions::result_of_last(const MessageView& message,
                                             const TransactionContext& context) const {
  const bool is_premature = context.open_request && message.type == Message::COMPLETED;
  return is_premature ? failed(Outcome::kFailed, describe_premature_completion(context))
                      : result_of(message, context);
}

void Transactions::expire(TransactionContext& expired, std::chrono::milliseconds silent) noexcept {
  const auto limit = environment_.options.execute_timeout;
  environment_.counters.add(Counter::kExecuteTimeouts);
  expired.metrics->execute_timeouts.add(1);
  environment_.logger.warn(
      "tx.deadline handler={} ccid={} channel={} tx={} limit_ms={} requests={}", handler_.value,
      registered_name_, expired.key.channel.value, txid8(expired.key.tx.value), limit.count(),
      expired.requests);
  expired.deadline.reset();  // It was popped from the queue.
  ExecutionResult result;
  result.outcome = Outcome::kDeadline;
  try {
    result.error = describe_timeout(expired, registered_name_, limit, silent);
  } catch (const std::exception&) {
    result.error = "timeout expired";
  }
  end(contexts_.remove(expired.key.channel.value, expired.key.tx.value), std::move(result));
}

bool Transactions::fail(std::string_view channel, std::string_view tx, Outcome outcome,
                        std::string_view error) noexcept {
  auto context = contexts_.remove(channel, tx);
  if (context == nullptr) return false;
  ExecutionResult result;
  result.outcome = outcome;
  try {
    result.error = error;
  } catch (const std::exception&) {
    result = service_failed();
  }
  end(std::move(context), std::move(result));
  return true;
}

// One at a time: ending one may abandon another, which is then looked for among those that are
// left.
void Transactions::fail_started(Outcome outcome, std::string_view error) noexcept {
  const auto is_started = [](const TransactionContext& one) { return one.is_started; };
  std::vector<TxKey> started;
  try {
    contexts_.each([&](const TransactionContext& one) {
      if (is_started(one)) started.push_back(one.key);
    });
  } catch (const std::exception&) {  // Those that the list has not are looked for below.
  }
  for (const TxKey& key : started) fail(key.channel.value, key.tx.value, outcome, error);
  while (const TransactionContext* one = contexts_.find_if(is_started)) {
    fail(one->key.channel.value, one->key.tx.value, outcome, error);
  }
}

std::unique_ptr<ledger::TxSimulator> Transactions::abandon(std::string_view channel,
                                                           std::string_view tx,
                                                           std::string_view ns) noexcept {
  const TransactionContext* found = contexts_.find(channel, tx);
  if (found == nullptr || found->ns != ns) return nullptr;
  auto context = contexts_.remove(channel, tx);
  environment_.logger.debug("tx.abandoned handler={} channel={} tx={}", handler_.value,
                            context->key.channel.value, txid8(context->key.tx.value));
  release(*context);
  auto simulator = std::move(context->simulator);
  ExecutionResult result;
  result.error = "caller ended";
  context->call.finish(std::move(result));
  return simulator;
}

std::unique_ptr<TransactionContext> Transactions::take_unstarted() noexcept {
  const TransactionContext* one =
      contexts_.find_if([](const TransactionContext& context) { return !context.is_started; });
  if (one == nullptr) return nullptr;
  auto taken = contexts_.remove(one->key.channel.value, one->key.tx.value);
  environment_.deadlines.remove(*std::exchange(taken->deadline, std::nullopt));
  environment_.registry.transaction_ended(handler_);
  return taken;
}

void Transactions::end(std::unique_ptr<TransactionContext> context,
                       ExecutionResult result) noexcept {
  CCBUS_ASSERT(context != nullptr);
  release(*context);
  result.simulator = std::move(context->simulator);
  // A callee's failure may have lost the simulator that it had from here.
  if (result.simulator == nullptr && result.outcome == Outcome::kCompleted) {
    result = service_failed();
  }
  context->call.finish(std::move(result));
}

// Frees what an ending transaction holds in the engine, all but its simulator.
void Transactions::release(TransactionContext& context) noexcept {
  if (context.deadline) environment_.deadlines.remove(*context.deadline);
  environment_.registry.transaction_ended(handler_);
  if (context.slow_answer != nullptr) context.slow_answer->cancel();
  context.iterators = {};  // They read from the simulator, which is handed on next.
  if (context.open_request) {
    count_completed(context.metrics->requests[context.open_request->type],
                    context.open_request->received, false);
  }
  if (context.open_request && context.open_request->type == Message::INVOKE_CHAINCODE) {
    auto returned = environment_.callees.end(context.open_request->serial);
    if (context.simulator == nullptr) context.simulator = std::move(returned);
  }
}

// The engine's table is searched once for each channel; after that a small map has the result.
ShimMetrics& Transactions::metrics_on(std::string_view channel) {
  const auto at = metrics_.find(channel);
  if (at != metrics_.end()) return *at->second;
  ShimMetrics& metrics = environment_.metrics.of({channel, registered_name_});
  metrics_.emplace(channel, &metrics);
  return metrics;
}

// Reads the clock once for each request: the end of one is the beginning of the next in this turn.
void Transactions::count_completed(RequestMetrics& metrics, SteadyTime received, bool success) {
  environment_.served_until = environment_.options.read_clock();
  metrics.completed[success ? 1 : 0].observe(environment_.served_until - received);
}

}  // namespace ccbus::chaincode
