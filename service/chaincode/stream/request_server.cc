#include "service/chaincode/stream/request_server.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "service/base/assert.h"
#include "service/chaincode/requests/query_answer.h"
#include "service/chaincode/requests/request_handlers.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

constexpr std::size_t kAdvisedMax = 1000;

// The callee of a transaction had its simulator, and was ended by an exception.
struct LostSimulator final : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "its simulator is lost"; }
};

// An exception while a request is served is a bug, or means that memory is exhausted. As a panic in
// Fabric, it fails the request and does not stop the process.
unexpected<Error> panic(const RequestName& request, const std::exception& exception,
                        Logger& logger) {
  logger.error("request.exception handler={} channel={} tx={} type={} what={:?}",
               request.handler.value, request.channel_id, txid8(request.txid),
               type_name(request.type), exception.what());
  return fail(ErrorCode::kPrecondition, "panic during execution");
}

// The part of a request that runs on a worker: makes the answer, and from it the RESPONSE or ERROR.
class AnswerPreparation final : public Preparation {
 public:
  AnswerPreparation(const RequestName& request, std::uint64_t serial,
                    std::shared_ptr<SlowAnswer> answer, Logger& logger)
      : handler_(request.handler),
        type_(request.type),
        serial_(serial),
        answer_(std::move(answer)),
        logger_(logger) {
    message_->set_channel_id(std::string(request.channel_id));
    message_->set_txid(std::string(request.txid));
    message_->mutable_payload()->reserve(kShortTextBytes);
  }

  NextState prepare() override {
    auto made = make_guarded();
    if (made) {
      message_->set_type(Message::RESPONSE);
      message_->set_payload(std::move(*made));
    } else {
      std::string text = describe_failure(name(), made.error(), logger_);
      message_->set_type(Message::ERROR);
      message_->set_payload(std::move(text));
    }
    return {handler_, std::move(message_), serial_, SendToChaincode::kAsync};
  }

  NextState failed() noexcept override {
    message_->set_type(Message::ERROR);
    message_->mutable_payload()->assign(kServiceFailedText);  // Fits into what was reserved.
    return {handler_, std::move(message_), serial_, SendToChaincode::kAsync};
  }

 private:
  static constexpr std::size_t kShortTextBytes = 32;

  [[nodiscard]] RequestName name() const {
    return {handler_, type_, message_->channel_id(), message_->txid()};
  }

  // Catches exceptions, as RequestServer::serve_guarded() does.
  [[nodiscard]] Result<std::string> make_guarded() const {
    try {
      return answer_->make();
    } catch (const std::exception& error) {
      return panic(name(), error, logger_);
    }
  }

  const HandlerId handler_;
  const Message::Type type_;
  std::unique_ptr<Message> message_ = std::make_unique<Message>();  // Of the next state.
  const std::uint64_t serial_;
  const std::shared_ptr<SlowAnswer> answer_;
  Logger& logger_;
};

}  // namespace

bool RequestServer::serve(Now now, const MessageView& message, Reply& reply) {
  TransactionContext* context = transactions_.find(message.channel_id, message.txid);
  if (context != nullptr && context->open_request) {
    // As in Fabric, a transaction has one open request at a time. Another one is dropped without an
    // answer.
    environment_.counters.add(Counter::kRequestsDropped);
    environment_.logger.warn("request.dropped handler={} ccid={} channel={} tx={} type={} while={}",
                             handler_.value, registered_name_, message.channel_id,
                             txid8(message.txid), type_name(message.type),
                             type_name(context->open_request->type));
    return false;
  }
  ShimMetrics& metrics = context != nullptr
                             ? *context->metrics
                             : environment_.metrics.known({message.channel_id, registered_name_});
  std::string& payload = environment_.reply_payload;
  payload.clear();
  reply.request = {handler_, message.type, message.channel_id, message.txid};
  reply.metrics = &metrics.requests[message.type];
  reply.received = std::max(now.steady, environment_.served_until);
  reply.metrics->received.add(1);
  if (context == nullptr) {
    const bool is_invoke = message.type == Message::INVOKE_CHAINCODE;
    reply.message = failure(reply, is_invoke ? refuse_invoke_without_context(message)
                                             : Error{ErrorCode::kNotFound, "no ledger context"});
    return true;
  }
  ++context->requests;
  context->last_request = message.type;
  auto answer = serve_guarded(
      {message, *context, environment_.options.request_limits, environment_.buffers, payload});
  if (!answer) {
    reply.message = failure(reply, answer.error());
    return true;
  }
  if (std::holds_alternative<Replied>(*answer)) {
    reply.message = {.type = Message::RESPONSE,
                     .payload = payload,
                     .txid = message.txid,
                     .channel_id = message.channel_id};
    return true;
  }
  auto later = serve_later(now, *context, reply.request, reply.received, std::move(*answer));
  if (later) return false;
  reply.message = failure(reply, later.error());
  return true;
}

Result<Answer> RequestServer::serve_guarded(const Request& request) {
  try {
    return chaincode::serve(request);
  } catch (const std::exception& error) {
    const MessageView& message = request.message;
    return panic({handler_, message.type, message.channel_id, message.txid}, error,
                 environment_.logger);
  }
}

Result<void> RequestServer::serve_later(Now now, TransactionContext& context,
                                        const RequestName& request, SteadyTime received,
                                        Answer answer) {
  const std::uint64_t serial = ++environment_.last_serial;
  context.open_request = OpenRequest{request.type, serial, received};
  if (auto* call = std::get_if<CallChaincode>(&answer)) {
    auto started = environment_.callees.start(now, handler_, context, std::move(*call));
    if (!started) context.open_request.reset();
    return started;
  }
  context.slow_answer = std::move(std::get<MakeAnswer>(answer).answer);
  std::unique_ptr<Preparation> preparation = std::make_unique<AnswerPreparation>(
      request, serial, context.slow_answer, environment_.logger);
  WorkLabel label{{WorkOwner::Kind::kChaincode, handler_.value}, context.ended.token()};
  if (environment_.workers.submit(preparation, std::move(label))) return {};
  context.open_request.reset();
  std::exchange(context.slow_answer, nullptr)->give_up(context);
  return fail(ErrorCode::kExhausted,
              "too many queries are waiting for a worker (limits.backgroundJobs)");
}

void RequestServer::take_back_simulator(TransactionContext& context,
                                        std::uint64_t serial) noexcept {
  auto returned = environment_.callees.end(serial);
  if (context.simulator == nullptr) context.simulator = std::move(returned);
}

bool RequestServer::drop_open(const MessageView& request) noexcept {
  TransactionContext* context = transactions_.find(request.channel_id, request.txid);
  if (context == nullptr) return true;
  if (const auto open = std::exchange(context->open_request, std::nullopt)) {
    if (open->type == Message::INVOKE_CHAINCODE) take_back_simulator(*context, open->serial);
  }
  if (const auto answer = std::exchange(context->slow_answer, nullptr)) answer->cancel();
  return context->simulator != nullptr;
}

bool RequestServer::close(std::uint64_t request, const MessageView& answer, Reply& reply) {
  TransactionContext* context = transactions_.find(answer.channel_id, answer.txid);
  const bool is_open =
      context != nullptr && context->open_request && context->open_request->serial == request;
  if (!is_open) return false;
  const OpenRequest closed = *std::exchange(context->open_request, std::nullopt);
  settle(*context, closed);
  if (context->simulator == nullptr) throw LostSimulator();  // An exception has ended its callee.
  reply = {{handler_, closed.type, answer.channel_id, answer.txid},
           &context->metrics->requests[closed.type],
           closed.received,
           answer};
  return true;
}

// Takes back what the work for a request has used or found: the simulator that a callee had, and
// the reads of a query.
void RequestServer::settle(TransactionContext& context, const OpenRequest& closed) {
  if (closed.type == Message::INVOKE_CHAINCODE) take_back_simulator(context, closed.serial);
  const auto answer = std::exchange(context.slow_answer, nullptr);
  if (answer == nullptr) return;
  answer->settle(context);
  const std::string advice = answer->advice();
  if (!advice.empty() && environment_.advised.size() < kAdvisedMax &&
      environment_.advised.insert(advice).second) {
    environment_.logger.warn("query.no_index channel={} tx={} documents={} advice={:?}",
                             context.key.channel.value, txid8(context.key.tx.value),
                             answer->examined(), advice);
  }
}

MessageView RequestServer::failure(const Reply& reply, const Error& error) {
  failure_ = describe_failure(reply.request, error, environment_.logger);
  return {.type = Message::ERROR,
          .payload = failure_,
          .txid = reply.request.txid,
          .channel_id = reply.request.channel_id};
}

}  // namespace ccbus::chaincode
