#include "service/gateway/transactions/endorser.h"

#include <array>
#include <cstddef>
#include <exception>
#include <string_view>
#include <utility>

#include "service/base/assert.h"
#include "service/chaincode/message/chaincode_name.h"
#include "service/gateway/access/signed_header.h"
#include "service/gateway/transactions/channel_update.h"
#include "service/gateway/transactions/signed_proposal.h"

namespace ccbus::gateway {
namespace {

using chaincode::ExecutionResult;
using chaincode::Outcome;

ccbus::StatusCode code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCompleted: return ccbus::OK;
    case Outcome::kDeadline: return ccbus::DEADLINE_EXCEEDED;
    case Outcome::kShuttingDown: return ccbus::UNAVAILABLE;
    case Outcome::kUnprepared:
    case Outcome::kServiceFailed: return ccbus::INTERNAL;
    case Outcome::kExists: return ccbus::ALREADY_EXISTS;
    case Outcome::kExhausted: return ccbus::RESOURCE_EXHAUSTED;
    case Outcome::kUndefined: return ccbus::FAILED_PRECONDITION;
    case Outcome::kNotConnected:
    case Outcome::kInvalidInvocation:
    case Outcome::kFailed:
    case Outcome::kStreamTerminated:
    case Outcome::kSendFailed: return ccbus::ABORTED;
  }
  return ccbus::INTERNAL;
}

// Fabric's text. Fabric puts a longer prefix before failures to run a transaction than before
// errors that the chaincode reports.
std::string text_of(const ExecutionResult& result, const Proposal& proposal) {
  switch (result.outcome) {
    case Outcome::kNotConnected:
      return result.error + ": no process has registered under this name";
    case Outcome::kShuttingDown:
    case Outcome::kUnprepared: return result.error;
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

// In Fabric such a chaincode has no peer, because none has it installed and defined.
bool nobody_knows(const ExecutionResult& result, const Proposal& proposal) {
  if (result.outcome == Outcome::kUndefined) return true;
  if (result.outcome != Outcome::kNotConnected || result.simulator == nullptr) return false;
  const auto definition = result.simulator->definition(proposal.chaincode_name);
  return definition && *definition == nullptr;
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
  if (const std::size_t bytes = invocation.nonce().size(); bytes > kNonceBytesMax) {
    return make_status(ccbus::INVALID_ARGUMENT, "a nonce of " + std::to_string(bytes) +
                                                    " bytes is longer than " +
                                                    std::to_string(kNonceBytesMax));
  }
  return {};
}

Endorsed refused(ccbus::Status status) {
  Endorsed endorsed;
  endorsed.status = std::move(status);
  return endorsed;
}

// True if the outcome shows that a process of that chaincode exists.
bool was_delivered(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNotConnected:
    case Outcome::kUndefined:
    case Outcome::kInvalidInvocation: return false;
    default: return true;
  }
}

}  // namespace

bool is_success(const protos::Response& response) {
  return response.status() >= 200 && response.status() < 400;
}

Endorser::Endorser(chaincode::ChaincodeSupport& chaincodes, chaincode::Simulators& simulators,
                   const ProposalBuilder& proposals, Creators creators, std::string address)
    : chaincodes_(chaincodes),
      simulators_(simulators),
      proposals_(proposals),
      creators_(creators),
      name_{std::move(address), proposals.own().msp_id()} {}

void Endorser::endorse(Now now, Caller caller, const ccbus::Invocation& invocation, Callback done) {
  metrics_.received.add(1);
  if (ccbus::Status refusal = check(invocation); refusal.code() != ccbus::OK) {
    metrics_.validation_failures.add(1);
    done(refused(std::move(refusal)));
    return;
  }
  const ChannelId channel{invocation.channel_id()};
  if (auto creator = creators_.of_clients.known(caller.client(), channel)) {
    return run_as(now, caller, invocation, std::move(*creator), std::move(done));
  }
  creators_.of_clients.find(now, caller.client(), channel,
                            [this, caller, invocation, held = std::move(done)](
                                Now then, Result<ServiceIdentities::Identity> creator) mutable {
                              run_as(then, caller, invocation, std::move(creator), std::move(held));
                            });
}

void Endorser::run_as(Now now, Caller caller, const ccbus::Invocation& invocation,
                      Result<ServiceIdentities::Identity> creator, Callback done) {
  if (!creator) return done(refused(make_status(creator.error())));
  Proposal proposal = proposals_.build(invocation, now.wall, std::move(*creator));
  if (proposal.has_chosen_nonce) {
    if (ccbus::Status refusal = check_new(proposal); refusal.code() != ccbus::OK) {
      metrics_.validation_failures.add(1);
      Endorsed endorsed = refused(std::move(refusal));
      endorsed.proposal.key = std::move(proposal.key);
      done(std::move(endorsed));
      return;
    }
  }
  run(now, caller, std::move(proposal), nullptr, std::move(done));
}

ccbus::Status Endorser::check_new(const Proposal& proposal) const {
  bool exists = chosen_.contains(proposal.key);
  const auto channel = creators_.channels.find(proposal.key.channel);
  if (!exists && channel != creators_.channels.end()) {
    auto is_there = channel->second.ledger->has_transaction(proposal.key.tx);
    if (!is_there) return make_status(is_there.error());
    exists = *is_there;
  }
  return exists ? make_status(duplicate_transaction(proposal)) : ccbus::Status();
}

void Endorser::endorse(Now now, Caller caller, const protos::SignedProposal& signed_proposal,
                       Callback done) {
  metrics_.received.add(1);
  const ChannelId channel{header_of_proposal(signed_proposal.proposal_bytes()).channel_id()};
  const auto at = creators_.channels.find(channel);
  std::shared_ptr<const ledger::ChannelLedger> ledger;
  if (at != creators_.channels.end()) ledger = at->second.ledger;
  auto job = make_job(
      std::move(done),
      [signed_proposal, ledger, wall = now.wall] {
        return accept_signed_proposal(signed_proposal, ledger.get(), wall);
      },
      [this, caller, channel](Now then, Callback held, Result<AcceptedProposal> accepted) {
        if (!accepted) {
          metrics_.validation_failures.add(1);
          held(refused(proposal_refusal(accepted.error(), channel.value)));
        } else if (accepted->config) {
          held(change_channel(std::move(accepted->proposal), *accepted->config));
        } else {
          auto share = creators_.replies.share(accepted->creator, Places::Kind::kWorking);
          if (!share) return held(refused(make_status(share.error())));
          run(then, caller, std::move(accepted->proposal), std::move(*share), std::move(held));
        }
      },
      [](Callback held, const Error& why) { held(refused(make_status(why))); });
  WorkLabel label{{WorkOwner::Kind::kClient, caller.client().value}, caller.ended()};
  static_cast<void>(creators_.signers.submit(std::move(job), std::move(label)));
}

Endorsed Endorser::change_channel(Proposal proposal, const ccbus::ChannelConfig& config) {
  auto simulator = simulators_.simulate(proposal.key.channel, proposal.key.tx);
  if (simulator == nullptr) return refused(channel_not_found(proposal.key.channel.value));
  if (auto put = put_channel_config(*simulator, config); !put) {
    return refused(make_status(put.error()));
  }
  Endorsed endorsed;
  const auto channel = creators_.channels.find(proposal.key.channel);
  if (channel != creators_.channels.end()) endorsed.ledger = channel->second.ledger;
  endorsed.proposal = std::move(proposal);
  endorsed.result.simulator = std::move(simulator);
  endorsed.result.outcome = Outcome::kCompleted;
  endorsed.result.response.set_status(200);
  return endorsed;
}

void Endorser::run(Now now, Caller caller, Proposal proposal, Places::Share share, Callback done) {
  if (caller.has_ended()) return;  // While its signature was checked.
  auto simulator = simulators_.simulate(proposal.key.channel, proposal.key.tx);
  if (simulator == nullptr) {
    done(refused(channel_not_found(proposal.key.channel.value)));
    return;
  }
  if (const Error* refusal = simulator->refusal(); refusal != nullptr) {
    done(refused(make_status(*refusal)));
    return;
  }
  auto execution = prepare(proposal);
  if (!execution) {
    done(refused(make_status(ccbus::INTERNAL, execution.error().message)));
    return;
  }
  const auto channel = creators_.channels.find(proposal.key.channel);
  std::shared_ptr<const ledger::ChannelLedger> on;
  if (channel != creators_.channels.end()) on = channel->second.ledger;
  const std::uint64_t height = simulator->query_view()->height();
  execution->simulator = std::move(simulator);
  execution->owner = {WorkOwner::Kind::kClient, caller.client().value};
  const std::uint64_t serial = ++last_serial_;
  auto chosen = proposal.has_chosen_nonce ? remember_chosen(proposal.key) : nullptr;
  running_.emplace(serial, Running{now.steady, std::move(proposal), std::move(on), height, caller,
                                   std::move(share), std::move(chosen), std::move(done)});
  const HandlerId handler = chaincodes_.execute(
      now, std::move(*execution),
      [this, serial](ExecutionResult result) { finish(serial, std::move(result)); });
  const auto at = running_.find(serial);
  if (at == running_.end()) return;  // It was refused, and is answered.
  at->second.handler = handler;
  caller.on_end({[this, serial] { abandon(serial); }});
}

std::shared_ptr<void> Endorser::remember_chosen(const TxKey& key) {
  std::shared_ptr<void> entry(nullptr, [this, key](std::nullptr_t) { chosen_.erase(key); });
  chosen_.insert(key);
  return entry;
}

void Endorser::abandon(std::uint64_t serial) noexcept {
  const auto at = running_.find(serial);
  CCBUS_ASSERT(at != running_.end());
  // This calls finish(), where nobody looks at them any more.
  const TxKey key = std::move(at->second.proposal.key);
  const std::string chaincode = std::move(at->second.proposal.chaincode_name);
  chaincodes_.abandon(at->second.handler, key, chaincode);
}

Result<chaincode::Execution> Endorser::prepare(Proposal& proposal) const {
  chaincode::Execution execution;
  execution.key = proposal.key;
  execution.chaincode_name = proposal.chaincode_name;
  execution.input = std::move(proposal.chaincode_input);
  execution.is_init = proposal.is_init;
  execution.creator_msp_id = proposal.creator_msp_id;
  execution.proposal = std::move(proposal.signed_proposal);
  if (proposal.creator == nullptr || !proposals_.signs()) return execution;
  if (running_.size() < kSignedHereMax) {
    if (auto made = sign(execution.proposal, *proposal.creator); !made) {
      return unexpected(made.error());
    }
  } else {
    execution.sign = [creator = proposal.creator](protos::SignedProposal& unsigned_proposal) {
      return sign(unsigned_proposal, *creator);
    };
  }
  return execution;
}

void Endorser::finish(std::uint64_t serial, ExecutionResult result) {
  auto running = running_.extract(serial);
  CCBUS_ASSERT(!running.empty());
  auto& [received, proposal, on, height, caller, share, chosen, done, handler] = running.mapped();
  caller.on_end({});
  try {
    if (!caller.has_ended()) count(proposal, received, result);
  } catch (const std::exception&) {  // It is answered all the same.
  }
  const bool is_unknown = nobody_knows(result, proposal);
  ccbus::Status status =
      make_status(is_unknown ? ccbus::FAILED_PRECONDITION : code_of(result.outcome), {});
  if (status.code() != ccbus::OK) status.set_message(text_of(result, proposal));
  done({std::move(proposal), std::move(result), std::move(status), is_unknown, std::move(on),
        height});
}

// Without a process of that chaincode the proposal gets no labels of its own: clients may send any
// number of different names.
void Endorser::count(const Proposal& proposal, SteadyTime received, const ExecutionResult& result) {
  const std::array<std::string_view, 2> names = {proposal.key.channel.value,
                                                 proposal.chaincode_name};
  const bool success = result.outcome == Outcome::kCompleted && is_success(result.response);
  ProposalMetrics& metrics = was_delivered(result.outcome) ? metrics_.proposals.of(names)
                                                           : metrics_.proposals.known(names);
  metrics.proposals[success ? 1 : 0].observe(chaincodes_.read_clock() - received);
  if (success) {
    metrics_.successful.add(1);
  } else if (result.outcome == Outcome::kCompleted) {
    metrics.chaincode_errors.add(1);
  } else if (result.outcome == Outcome::kExists) {
    metrics.duplicates.add(1);
  } else {
    metrics.simulation_failures.add(1);
  }
}

}  // namespace ccbus::gateway
