// The part of the engine that starts transactions: for the gateway, and for chaincodes that call
// each other.
#include <algorithm>
#include <utility>

#include "service/base/assert.h"
#include "service/chaincode/chaincode_support.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

constexpr std::size_t kAdvisedMax = 1000;

void refuse(PendingCall call, Outcome outcome, std::string error,
            std::unique_ptr<ledger::TxSimulator> simulator) {
  ExecutionResult result;
  result.outcome = outcome;
  result.error = std::move(error);
  result.simulator = std::move(simulator);
  call.finish(std::move(result));
}

}  // namespace

class ChaincodeSupport::QueryJob final : public Job {
 public:
  QueryJob(ChaincodeSupport& support, HandlerId handler, TxKey key, std::uint64_t serial,
           std::shared_ptr<QueryTask> task)
      : support_(support),
        handler_(handler),
        key_(std::move(key)),
        serial_(serial),
        task_(std::move(task)) {}

  void run() override { task_->run(); }
  void finish(Now now) override { support_.finish_query(now, handler_, key_, serial_, *task_); }
  void drop() override {}  // Its transaction has ended with its stream.

 private:
  ChaincodeSupport& support_;  // Bus thread only.
  const HandlerId handler_;
  const TxKey key_;
  const std::uint64_t serial_;
  const std::shared_ptr<QueryTask> task_;
};

Result<InvocationVerdict> ChaincodeSupport::check(const Execution& execution) {
  auto verdict =
      check_invocation(*execution.simulator, execution.key.channel, execution.chaincode_name,
                       execution.is_init, environment_.options.autodefine);
  if (!verdict) {
    environment_.logger.error("ledger.read_failed channel={} tx={} reason={:?}",
                              execution.key.channel.value, txid8(execution.key.tx.value),
                              verdict.error().message);
  }
  return verdict;
}

void ChaincodeSupport::execute(Now now, Execution execution, PendingCall::Callback done) {
  turn_ = now;
  PendingCall call(std::move(done));
  auto verdict = check(execution);
  if (!verdict) {
    refuse(std::move(call), Outcome::kFailed, "the ledger cannot be read",
           std::move(execution.simulator));
    return;
  }
  if (verdict->outcome != Outcome::kCompleted) {
    refuse(std::move(call), verdict->outcome, std::move(verdict->error),
           std::move(execution.simulator));
    return;
  }
  const HandlerId id = environment_.registry.pick(execution.chaincode_name);
  if (id == HandlerId{0}) {
    refuse(std::move(call), Outcome::kNotConnected,
           "chaincode " + execution.chaincode_name + " is not connected",
           std::move(execution.simulator));
    return;
  }
  Handler& handler = *handlers_by_id_.at(id);
  auto message = std::make_unique<Message>();
  message->set_type(execution.is_init ? Message::INIT : Message::TRANSACTION);
  message->set_txid(execution.key.tx.value);
  message->set_channel_id(execution.key.channel.value);
  message->set_payload(std::move(execution.input));
  if (!execution.proposal.proposal_bytes().empty()) {
    *message->mutable_proposal() = std::move(execution.proposal);
  }

  if (execution.call_serial != 0) callees_[execution.call_serial] = {id, execution.key};
  auto context = std::make_unique<TransactionContext>(
      std::move(execution.key), std::move(execution.chaincode_name), std::move(call));
  context->is_init = execution.is_init;
  context->creator_msp_id = std::move(execution.creator_msp_id);
  context->callers = std::move(execution.callers);
  context->simulator = std::move(execution.simulator);
  handler.start(now, std::move(context), std::move(message));
  retire(handler.peer());
}

Result<void> ChaincodeSupport::call(Now now, HandlerId caller, TransactionContext& context,
                                    CallChaincode call) {
  Execution execution;
  execution.key = {call.channel.empty() ? context.key.channel : ChannelId{call.channel},
                   context.key.tx};
  execution.callers = context.callers;
  execution.callers.push_back({context.key.channel, context.ns});
  const Callee callee{execution.key.channel, call.name};
  if (std::ranges::find(execution.callers, callee) != execution.callers.end()) {
    return fail(ErrorCode::kExists, "execute failed: error sending: txid: " + context.key.tx.value +
                                        "(" + callee.channel.value + ") exists");
  }
  const std::size_t depth_max = environment_.options.call_depth_max;
  if (execution.callers.size() >= depth_max) {
    return fail(ErrorCode::kExhausted,
                "execute failed: chaincode " + call.name + " would be call " +
                    std::to_string(execution.callers.size() + 1) + " in a row, and the limit is " +
                    std::to_string(depth_max) + " (limits.callDepth)");
  }
  if (callee.channel == context.key.channel) {
    execution.simulator = std::move(context.simulator);
  } else {
    // What it reads and writes there belongs to no transaction: Fabric's rule.
    execution.simulator = simulators_.simulate(callee.channel, context.key.tx);
    if (execution.simulator == nullptr) {
      return fail(ErrorCode::kNotFound,
                  "failed to find ledger for channel: " + callee.channel.value);
    }
  }
  execution.chaincode_name = std::move(call.name);
  execution.input = std::move(call.input);
  execution.is_init = call.is_init;
  execution.creator_msp_id = context.creator_msp_id;
  execution.proposal = context.proposal;
  execution.call_serial = context.open_request->serial;
  execute(now, std::move(execution),
          [this, caller, key = context.key, serial = context.open_request->serial](
              ExecutionResult result) { finish_call(caller, key, serial, std::move(result)); });
  return {};
}

// The caller may have ended meanwhile: then what the callee did is dropped with its result.
void ChaincodeSupport::finish_call(HandlerId caller, const TxKey& key, std::uint64_t serial,
                                   ExecutionResult result) {
  callees_.erase(serial);
  const auto at = handlers_by_id_.find(caller);
  if (at == handlers_by_id_.end()) return;
  const PeerId peer = at->second->peer();
  at->second->call_done(turn_, key, serial, std::move(result));
  retire(peer);
}

std::unique_ptr<ledger::TxSimulator> ChaincodeSupport::abandon(std::uint64_t serial) {
  const auto callee = callees_.find(serial);
  if (callee == callees_.end()) return nullptr;
  const RunningCallee running = callee->second;
  callees_.erase(callee);
  return handlers_by_id_.at(running.handler)->abandon(running.key);
}

bool ChaincodeSupport::read_ahead(HandlerId handler, const TransactionContext& context,
                                  std::shared_ptr<QueryTask> task) {
  return background_.submit(std::make_unique<QueryJob>(
      *this, handler, context.key, context.open_request->serial, std::move(task)));
}

void ChaincodeSupport::finish_query(Now now, HandlerId handler, const TxKey& key,
                                    std::uint64_t serial, const QueryTask& task) {
  begin_turn(now);
  const std::string advice = task.advice();
  if (!advice.empty() && advised_.size() < kAdvisedMax && advised_.insert(advice).second) {
    environment_.logger.warn("query.no_index channel={} tx={} documents={} advice={:?}",
                             key.channel.value, txid8(key.tx.value), task.examined(), advice);
  }
  const auto at = handlers_by_id_.find(handler);
  if (at == handlers_by_id_.end()) return;
  const PeerId peer = at->second->peer();
  at->second->query_done(now, key, serial);
  retire(peer);
}

}  // namespace ccbus::chaincode
