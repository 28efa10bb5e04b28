#include "service/chaincode/calls/calls.h"

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
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

// A call to another channel hands its content to the caller and to its client. That a channel does
// not exist is not told to those who may not use it.
Result<void> Calls::check_channel(HandlerId caller, const TransactionContext& context,
                                  const ChannelId& channel) const {
  const Credentials* const credentials = environment_.options.credentials;
  if (credentials == nullptr || channel == context.key.channel) return {};
  const bool is_reachable = credentials->may_serve(streams_.find(caller)->peer(), channel.value) &&
                            credentials->may_reach(PeerId{context.owner.id}, channel.value);
  if (is_reachable) return {};
  environment_.counters.add(Counter::kPermissionsDenied);
  return fail(ErrorCode::kDenied,
              "access denied: the keys of this transaction do not allow channel " + channel.value);
}

Result<void> Calls::start(Now now, HandlerId caller, TransactionContext& context,
                          CallChaincode call) {
  Callee callee{call.channel.empty() ? context.key.channel : ChannelId{call.channel},
                std::move(call.name)};
  if (auto allowed = check(context, callee); !allowed) return allowed;
  if (auto reachable = check_channel(caller, context, callee.channel); !reachable) return reachable;

  Execution execution;
  execution.key = {callee.channel, context.key.tx};
  execution.callers = context.callers;
  execution.callers.push_back({context.key.channel, context.ns});
  const bool shares_simulator = callee.channel == context.key.channel;
  if (!shares_simulator) {
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
  execution.owner = context.owner;
  execution.proposal = context.proposal;

  const std::uint64_t request = context.open_request->serial;
  calls_.emplace(request, Call{caller, context.key, std::move(callee), HandlerId{0}, false, {}});
  PendingCall::Callback done = [this, request](ExecutionResult result) {
    finish(request, std::move(result));
  };
  if (shares_simulator) execution.simulator = std::move(context.simulator);  // Nothing throws now.
  const HandlerId handler = executions_.execute(now, std::move(execution), std::move(done));
  // A callee that was refused may have ended the caller, and the record with it.
  if (const auto at = calls_.find(request); at != calls_.end()) at->second.handler = handler;
  return {};
}

std::unique_ptr<ledger::TxSimulator> Calls::end(std::uint64_t request) noexcept {
  auto node = calls_.extract(request);
  if (node.empty()) return nullptr;
  Call& call = node.mapped();
  return call.has_ended ? std::move(call.returned) : abandon(call);
}

std::unique_ptr<ledger::TxSimulator> Calls::abandon(const Call& call) noexcept {
  return streams_.abandon(call.handler, call.callee.channel.value, call.caller_key.tx.value,
                          call.callee.chaincode_name);
}

// If the caller has ended meanwhile there is no record, and the result of the callee is dropped.
void Calls::finish(std::uint64_t request, ExecutionResult result) noexcept {
  const auto at = calls_.find(request);
  if (at == calls_.end()) return;
  Call& call = at->second;
  call.has_ended = true;
  call.returned = std::move(result.simulator);
  try {
    answer(call, request, std::move(result));
  } catch (const std::exception&) {
    // The caller would wait for the answer until its deadline.
    if (Handler* handler = streams_.find(call.caller)) {
      auto record = calls_.extract(at);  // It holds the key while the transaction ends.
      auto& [channel, tx] = record.mapped().caller_key;
      handler->fail(channel.value, tx.value, Outcome::kServiceFailed, kServiceFailedText);
    }
  }
}

void Calls::answer(const Call& call, std::uint64_t request, ExecutionResult result) {
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
