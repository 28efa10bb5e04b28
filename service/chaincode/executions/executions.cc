#include "service/chaincode/executions/executions.h"

#include <utility>

#include "service/base/assert.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

void refuse(PendingCall call, Outcome outcome, std::string error,
            std::unique_ptr<ledger::TxSimulator> simulator) {
  ExecutionResult result;
  result.outcome = outcome;
  result.error = std::move(error);
  result.simulator = std::move(simulator);
  call.finish(std::move(result));
}

std::string not_connected(const std::string& chaincode) {
  return "chaincode " + chaincode + " is not connected";
}

std::unique_ptr<Message> message_of(Execution& execution) {
  auto message = std::make_unique<Message>();
  message->set_type(execution.is_init ? Message::INIT : Message::TRANSACTION);
  message->set_txid(execution.key.tx.value);
  message->set_channel_id(execution.key.channel.value);
  message->set_payload(std::move(execution.input));
  if (!execution.proposal.proposal_bytes().empty()) {
    *message->mutable_proposal() = std::move(execution.proposal);
  }
  return message;
}

// Signs the proposal in an INIT or TRANSACTION.
class SigningPreparation final : public Preparation {
 public:
  SigningPreparation(HandlerId handler, std::unique_ptr<Message> message, Execution::Sign sign)
      : handler_(handler), message_(std::move(message)), sign_(std::move(sign)) {}

  NextState prepare() override {
    NextState next{handler_, std::move(message_)};
    if (auto made = sign_(*next.message->mutable_proposal()); !made) next.failure = made.error();
    return next;
  }

  // Returns the unsigned message, if prepare() will not be called.
  [[nodiscard]] std::unique_ptr<Message> release() { return std::move(message_); }

 private:
  const HandlerId handler_;
  std::unique_ptr<Message> message_;
  const Execution::Sign sign_;
};

}  // namespace

InvocationVerdict Executions::check(const Execution& execution) {
  auto verdict =
      check_invocation(*execution.simulator, execution.key.channel, execution.chaincode_name,
                       execution.is_init, environment_.options.autodefine);
  if (verdict) return std::move(*verdict);
  environment_.logger.error("ledger.read_failed channel={} tx={} reason={:?}",
                            execution.key.channel.value, txid8(execution.key.tx.value),
                            verdict.error().message);
  return {Outcome::kFailed, "the ledger cannot be read"};
}

HandlerId Executions::execute(Now now, Execution execution, PendingCall::Callback done) {
  PendingCall call(std::move(done));
  InvocationVerdict verdict = check(execution);
  const HandlerId id = verdict.outcome == Outcome::kCompleted
                           ? environment_.registry.pick(execution.chaincode_name)
                           : HandlerId{0};
  if (id == HandlerId{0}) {
    if (verdict.outcome == Outcome::kCompleted) {
      verdict = {Outcome::kNotConnected, not_connected(execution.chaincode_name)};
    }
    refuse(std::move(call), verdict.outcome, std::move(verdict.error),
           std::move(execution.simulator));
    return HandlerId{0};
  }
  auto message = message_of(execution);
  auto context = std::make_unique<TransactionContext>(
      std::move(execution.key), std::move(execution.chaincode_name), std::move(call));
  context->is_init = execution.is_init;
  context->creator_msp_id = std::move(execution.creator_msp_id);
  context->callers = std::move(execution.callers);
  context->simulator = std::move(execution.simulator);
  WorkLabel label{execution.owner, {}};
  if (execution.sign != nullptr) label.cancelled = context->ended.token();
  if (!streams_.find(id)->accept(now, std::move(context))) return HandlerId{0};

  if (execution.sign == nullptr) {
    environment_.next_states.push({id, std::move(message)});
    return id;
  }
  auto signing =
      std::make_unique<SigningPreparation>(id, std::move(message), std::move(execution.sign));
  SigningPreparation& kept = *signing;
  std::unique_ptr<Preparation> preparation = std::move(signing);
  if (!signers_.submit(preparation, std::move(label))) {
    environment_.next_states.push(
        {id, kept.release(), 0, SendToChaincode::kNo,
         Error{ErrorCode::kExhausted, "too many proposals are waiting to be signed"}});
  }
  return id;
}

void Executions::take_over(Now now, Handler& ended) {
  for (auto& context : ended.take_unstarted()) {
    const HandlerId successor = environment_.registry.pick(context->ns);
    if (is_stopping_ || successor == HandlerId{0}) {
      refuse(std::move(context->call),
             is_stopping_ ? Outcome::kShuttingDown : Outcome::kNotConnected,
             is_stopping_ ? "the service is shutting down" : not_connected(context->ns),
             std::move(context->simulator));
      continue;
    }
    environment_.logger.debug("tx.taken_over handler={} from={} channel={} tx={}", successor.value,
                              ended.id().value, context->key.channel.value,
                              txid8(context->key.tx.value));
    const TxKey key = context->key;
    context->successor.reset();
    successors_[key] = successor;
    context->successor =
        std::shared_ptr<void>(nullptr, [this, key](std::nullptr_t) { successors_.erase(key); });
    static_cast<void>(streams_.find(successor)->accept(now, std::move(context)));
  }
}

Handler* Executions::take_successor(const NextState& next) {
  if (next.message == nullptr) return nullptr;
  const auto successor =
      successors_.extract(TxKey{{next.message->channel_id()}, {next.message->txid()}});
  return successor.empty() ? nullptr : streams_.find(successor.mapped());
}

}  // namespace ccbus::chaincode
