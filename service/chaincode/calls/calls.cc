#include "service/chaincode/calls/calls.h"

#include <algorithm>
#include <string>
#include <utility>

#include "service/base/assert.h"
#include "service/chaincode/requests/failure.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

}  // namespace

// Refuses a callee that already runs in this transaction, or that would exceed the depth of calls.
Result<void> Calls::check(const TransactionContext& context, const Callee& callee) const {
  const Callee caller{context.key.channel, context.ns};
  const bool runs_already =
      callee == caller || std::ranges::find(context.callers, callee) != context.callers.end();
  if (runs_already) {
    return fail(ErrorCode::kExists, "execute failed: error sending: txid: " + context.key.tx.value +
                                        "(" + callee.channel.value + ") exists");
  }
  const std::size_t depth = context.callers.size() + 1;
  const std::size_t depth_max = environment_.options.call_depth_max;
  if (depth >= depth_max) {
    return fail(ErrorCode::kExhausted, "execute failed: chaincode " + callee.chaincode_name +
                                           " would be call " + std::to_string(depth + 1) +
                                           " in a row, and the limit is " +
                                           std::to_string(depth_max) + " (limits.callDepth)");
  }
  return {};
}

Result<void> Calls::start(Now now, HandlerId caller, TransactionContext& context,
                          CallChaincode call) {
  Callee callee{call.channel.empty() ? context.key.channel : ChannelId{call.channel},
                std::move(call.name)};
  if (auto allowed = check(context, callee); !allowed) return allowed;

  Execution execution;
  execution.key = {callee.channel, context.key.tx};
  execution.callers = context.callers;
  execution.callers.push_back({context.key.channel, context.ns});
  if (callee.channel == context.key.channel) {
    execution.simulator = std::move(context.simulator);
  } else {
    // As in Fabric, what a callee reads and writes on another channel is not part of the
    // transaction.
    execution.simulator = simulators_.simulate(callee.channel, context.key.tx);
    if (execution.simulator == nullptr) {
      return fail(ErrorCode::kNotFound,
                  "failed to find ledger for channel: " + callee.channel.value);
    }
  }
  execution.chaincode_name = callee.chaincode_name;
  execution.input = std::move(call.input);
  execution.is_init = call.is_init;
  execution.creator_msp_id = context.creator_msp_id;
  execution.proposal = context.proposal;

  const std::uint64_t request = context.open_request->serial;
  calls_.emplace(request, Call{caller, context.key, std::move(callee), HandlerId{0}, false, {}});
  const HandlerId handler = executions_.execute(
      now, std::move(execution),
      [this, request](ExecutionResult result) { finish(request, std::move(result)); });
  calls_.at(request).handler = handler;
  return {};
}

std::unique_ptr<ledger::TxSimulator> Calls::end(std::uint64_t request) {
  auto node = calls_.extract(request);
  if (node.empty()) return nullptr;
  Call& call = node.mapped();
  return call.has_ended ? std::move(call.returned) : abandon(call);
}

std::unique_ptr<ledger::TxSimulator> Calls::abandon(const Call& call) {
  const TxKey key{call.callee.channel, call.caller_key.tx};
  const std::string& ns = call.callee.chaincode_name;
  if (Handler* handler = streams_.find(call.handler)) {
    if (auto simulator = handler->abandon(key, ns)) return simulator;
  }
  // Its handler ended before the chaincode was sent anything, and another one has taken it over.
  std::unique_ptr<ledger::TxSimulator> simulator;
  streams_.any_of([&](Handler& handler) {
    simulator = handler.abandon(key, ns);
    return simulator != nullptr;
  });
  return simulator;
}

// Answers the caller by a next state. If the caller has ended meanwhile there is no record, and the
// result of the callee is dropped.
void Calls::finish(std::uint64_t request, ExecutionResult result) {
  const auto at = calls_.find(request);
  if (at == calls_.end()) return;
  Call& call = at->second;
  call.has_ended = true;
  call.returned = std::move(result.simulator);

  const auto& [channel, tx] = call.caller_key;
  auto message = std::make_unique<Message>();
  message->set_channel_id(channel.value);
  message->set_txid(tx.value);
  if (!result.message.empty()) {
    message->set_type(Message::RESPONSE);
    message->set_payload(std::move(result.message));
  } else {
    const Error error{ErrorCode::kPrecondition, "execute failed: " + execution_error(result)};
    message->set_type(Message::ERROR);
    message->set_payload(
        describe_failure({call.caller, Message::INVOKE_CHAINCODE, channel.value, tx.value}, error,
                         environment_.logger));
  }
  environment_.next_states.push({call.caller, std::move(message), request});
}

}  // namespace ccbus::chaincode
