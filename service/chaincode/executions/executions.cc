#include "service/chaincode/executions/executions.h"

#include <exception>
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

// The next state that ends a transaction which an exception has stopped. Allocates nothing.
NextState next_of_failed(HandlerId handler, std::unique_ptr<Message> message) noexcept {
  return {handler, std::move(message), 0, SendToChaincode::kNo,
          Error{ErrorCode::kIo, kServiceFailedText}};
}

// Signs the proposal in an INIT or TRANSACTION.
class SigningPreparation final : public Preparation {
 public:
  SigningPreparation(HandlerId handler, std::unique_ptr<Message> message, Execution::Sign sign)
      : handler_(handler), message_(std::move(message)), sign_(std::move(sign)) {}

  NextState prepare() override {
    auto made = sign_(*message_->mutable_proposal());
    NextState next{handler_, std::move(message_)};
    if (!made) next.failure = std::move(made.error());
    return next;
  }

  NextState failed() noexcept override { return next_of_failed(handler_, std::move(message_)); }

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

// Of the processes of this name one whose key may see the channel.
HandlerId Executions::pick(const std::string& chaincode, const ChannelId& channel) const {
  const Credentials* const credentials = environment_.options.credentials;
  if (credentials == nullptr) return environment_.registry.pick(chaincode);
  return environment_.registry.pick(chaincode, [&](HandlerId member) {
    return credentials->may_serve(streams_.find(member)->peer(), channel.value);
  });
}

HandlerId Executions::execute(Now now, Execution execution, PendingCall::Callback done) noexcept {
  PendingCall call(std::move(done));
  try {
    return begin(now, execution, call);
  } catch (const std::exception& error) {
    environment_.logger.error("tx.exception channel={} tx={} what={:?}",
                              execution.key.channel.value, txid8(execution.key.tx.value),
                              error.what());
  }
  if (!call.is_finished()) {
    ExecutionResult result = service_failed();
    result.simulator = std::move(execution.simulator);
    call.finish(std::move(result));
  }
  return HandlerId{0};
}

// What may throw comes before accept(); after it the transaction runs.
HandlerId Executions::begin(Now now, Execution& execution, PendingCall& call) {
  InvocationVerdict verdict = check(execution);
  const HandlerId id = verdict.outcome == Outcome::kCompleted
                           ? pick(execution.chaincode_name, execution.key.channel)
                           : HandlerId{0};
  if (id == HandlerId{0}) {
    if (verdict.outcome == Outcome::kCompleted) {
      verdict = {Outcome::kNotConnected, not_connected(execution.chaincode_name)};
    }
    refuse(std::move(call), verdict.outcome, std::move(verdict.error),
           std::move(execution.simulator));
    return HandlerId{0};
  }
  CancellationSource ended;
  WorkLabel label{execution.owner, {}};
  auto message = message_of(execution);
  std::unique_ptr<SigningPreparation> signing;
  if (execution.sign != nullptr) {
    label.cancelled = ended.token();
    signing =
        std::make_unique<SigningPreparation>(id, std::move(message), std::move(execution.sign));
  }
  environment_.next_states.reserve_one();
  auto context = std::make_unique<TransactionContext>(
      std::move(execution.key), std::move(execution.chaincode_name), std::move(call));
  context->is_init = execution.is_init;
  context->creator_msp_id = std::move(execution.creator_msp_id);
  context->owner = execution.owner;
  context->callers = std::move(execution.callers);
  context->simulator = std::move(execution.simulator);
  context->ended = std::move(ended);
  if (!streams_.find(id)->accept(now, std::move(context))) return HandlerId{0};

  if (signing == nullptr) {
    environment_.next_states.push({id, std::move(message)});
    return id;
  }
  SigningPreparation& kept = *signing;
  std::unique_ptr<Preparation> preparation = std::move(signing);
  if (!signers_.submit(preparation, std::move(label))) refuse_to_sign(id, kept.release());
  return id;
}

void Executions::refuse_to_sign(HandlerId handler,
                                std::unique_ptr<protos::ChaincodeMessage> message) noexcept {
  try {
    environment_.next_states.push(
        {handler, std::move(message), 0, SendToChaincode::kNo,
         Error{ErrorCode::kExhausted, "too many proposals are waiting to be signed"}});
  } catch (const std::exception&) {
    streams_.find(handler)->fail(message->channel_id(), message->txid(), Outcome::kServiceFailed,
                                 kServiceFailedText);
  }
}

void Executions::take_over(Now now, Handler& ended) noexcept {
  while (auto context = ended.take_unstarted()) {
    try {
      take_over(now, ended.id(), std::move(context));
    } catch (
        const std::exception&) {  // The call of the transaction was finished by its destructor.
    }
  }
}

void Executions::take_over(Now now, HandlerId ended, std::unique_ptr<TransactionContext> context) {
  const HandlerId successor = pick(context->ns, context->key.channel);
  if (is_stopping_ || successor == HandlerId{0}) {
    std::string why = is_stopping_ ? "the service is shutting down" : not_connected(context->ns);
    refuse(std::move(context->call), is_stopping_ ? Outcome::kShuttingDown : Outcome::kNotConnected,
           std::move(why), std::move(context->simulator));
    return;
  }
  environment_.logger.debug("tx.taken_over handler={} from={} channel={} tx={}", successor.value,
                            ended.value, context->key.channel.value, txid8(context->key.tx.value));
  const TxKey key = context->key;
  context->successor.reset();
  successors_[key] = successor;
  context->successor =
      std::shared_ptr<void>(nullptr, [this, key](std::nullptr_t) { successors_.erase(key); });
  static_cast<void>(streams_.find(successor)->accept(now, std::move(context)));
}

Handler* Executions::take_successor(const NextState& next) noexcept {
  if (next.message == nullptr) return nullptr;
  const auto at = successors_.find(TxKeyView{next.message->channel_id(), next.message->txid()});
  if (at == successors_.end()) return nullptr;
  const HandlerId successor = at->second;
  successors_.erase(at);
  return streams_.find(successor);
}

}  // namespace ccbus::chaincode
