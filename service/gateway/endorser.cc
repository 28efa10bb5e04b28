#include "service/gateway/endorser.h"

#include <utility>

#include "service/assert.h"
#include "service/chaincode/chaincode_name.h"

namespace ccbus::gateway {
namespace {

using chaincode::ExecutionResult;
using chaincode::Outcome;

ccbus::StatusCode code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCompleted: return ccbus::OK;
    case Outcome::kDeadline: return ccbus::DEADLINE_EXCEEDED;
    case Outcome::kNotConnected: return ccbus::UNAVAILABLE;
    case Outcome::kExists: return ccbus::ALREADY_EXISTS;
    case Outcome::kExhausted: return ccbus::RESOURCE_EXHAUSTED;
    case Outcome::kUndefined:
    case Outcome::kInvalidInvocation: return ccbus::FAILED_PRECONDITION;
    case Outcome::kFailed:
    case Outcome::kStreamTerminated:
    case Outcome::kSendFailed: return ccbus::ABORTED;
  }
  return ccbus::INTERNAL;
}

// Fabric wraps what went wrong while a transaction was on its way, and not what the chaincode said.
std::string text_of(const ExecutionResult& result, const Proposal& proposal) {
  switch (result.outcome) {
    case Outcome::kNotConnected:
      return result.error + ": no process has registered under this name";
    case Outcome::kUndefined:
      return "make sure the chaincode " + proposal.chaincode_name +
             " has been successfully defined on channel " + proposal.key.channel.value +
             " and try again: " + result.error;
    case Outcome::kFailed:
    case Outcome::kSendFailed: return "error in simulation: " + result.error;
    default:
      return "error in simulation: failed to execute transaction " + proposal.key.tx.value + ": " +
             chaincode::execution_error(result);
  }
}

ccbus::Status check(const ccbus::Invocation& invocation) {
  if (invocation.channel_id().empty()) {
    return make_status(ccbus::INVALID_ARGUMENT, "no channel ID provided");
  }
  if (invocation.chaincode_name().empty()) {
    return make_status(ccbus::INVALID_ARGUMENT,
                       "ChaincodeHeaderExtension.ChaincodeId.Name is empty");
  }
  if (invocation.args().empty()) {
    return make_status(ccbus::INVALID_ARGUMENT, "chaincode input did not contain any input");
  }
  return {};
}

}  // namespace

bool is_success(const protos::Response& response) {
  return response.status() >= 200 && response.status() < 400;
}

Endorser::Endorser(chaincode::ChaincodeSupport& chaincodes, chaincode::Simulators& simulators,
                   const ProposalBuilder& proposals)
    : chaincodes_(chaincodes), simulators_(simulators), proposals_(proposals) {}

void Endorser::endorse(Now now, const ccbus::Invocation& invocation, Callback done) {
  if (ccbus::Status refused = check(invocation); refused.code() != ccbus::OK) {
    done({{}, {}, std::move(refused)});
    return;
  }
  auto proposal = proposals_.build(invocation, now.wall);
  if (!proposal) {
    done({{}, {}, make_status(ccbus::INTERNAL, proposal.error().message)});
    return;
  }
  chaincode::Execution execution;
  execution.simulator = simulators_.simulate(proposal->key.channel, proposal->key.tx);
  if (execution.simulator == nullptr) {
    done({{}, {}, channel_not_found(invocation.channel_id())});
    return;
  }
  execution.key = proposal->key;
  execution.chaincode_name = proposal->chaincode_name;
  execution.input = proposal->chaincode_input;
  execution.is_init = invocation.is_init();
  execution.creator_msp_id = proposals_.creator_msp_id();
  execution.proposal = std::move(proposal->signed_proposal);

  const std::uint64_t serial = ++last_serial_;
  running_.emplace(serial, Running{std::move(*proposal), std::move(done)});
  chaincodes_.execute(now, std::move(execution), [this, serial](ExecutionResult result) {
    finish(serial, std::move(result));
  });
}

void Endorser::finish(std::uint64_t serial, ExecutionResult result) {
  auto running = running_.extract(serial);
  CCBUS_ASSERT(!running.empty());
  auto& [proposal, done] = running.mapped();
  ccbus::Status status = make_status(code_of(result.outcome), {});
  if (status.code() != ccbus::OK) status.set_message(text_of(result, proposal));
  done({std::move(proposal), std::move(result), std::move(status)});
}

}  // namespace ccbus::gateway
