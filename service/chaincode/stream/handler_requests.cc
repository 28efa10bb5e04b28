// The part of a handler that answers what a running transaction asks for.
#include <algorithm>
#include <exception>
#include <utility>

#include "service/base/assert.h"
#include "service/chaincode/requests/handle_invoke.h"
#include "service/chaincode/stream/handler.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

}  // namespace

void Handler::serve(const EventContext& current) {
  const MessageView& message = *current.message;
  TransactionContext* context = contexts_.find(message.channel_id, message.txid);
  if (context != nullptr && context->open_request) {
    // Fabric's gate: one request of a transaction at a time, and no word about another one.
    environment_.counters.add(Counter::kRequestsDropped);
    environment_.logger.warn("request.dropped handler={} ccid={} channel={} tx={} type={} while={}",
                             id_.value, registered_name_, message.channel_id, txid8(message.txid),
                             type_name(message.type), type_name(context->open_request->type));
    return;
  }
  ShimMetrics& metrics = context != nullptr
                             ? *context->metrics
                             : environment_.metrics.known({message.channel_id, registered_name_});
  const RequestName request{message.type, message.channel_id, message.txid,
                            metrics.requests[message.type],
                            std::max(current.now.steady, environment_.served_until)};
  request.metrics.received.add(1);
  std::string& payload = begin_reply();
  if (context == nullptr) {
    const bool is_invoke = message.type == Message::INVOKE_CHAINCODE;
    reply(current.now, request,
          unexpected(is_invoke ? refuse_invoke_without_context(message)
                               : Error{ErrorCode::kNotFound, "no ledger context"}));
    return;
  }
  ++context->requests;
  context->last_request = message.type;
  auto answer = serve_guarded(
      {message, *context, environment_.options.query_limits, environment_.buffers, payload});
  Result<void> served;
  if (!answer) {
    served = unexpected(answer.error());
  } else if (!std::holds_alternative<Replied>(*answer)) {
    served = serve_later(current.now, *context, request, std::move(*answer));
    if (served) return;
    begin_reply();
  }
  reply(current.now, request, std::move(served));
}

// An exception in here is a bug of ours, or no memory: it costs the request, as a panic costs it in
// Fabric, and not the process.
Result<Answer> Handler::serve_guarded(const Request& request) {
  try {
    return chaincode::serve(request);
  } catch (const std::exception& error) {
    environment_.logger.error("request.exception handler={} channel={} tx={} type={} what={:?}",
                              id_.value, request.message.channel_id, txid8(request.message.txid),
                              type_name(request.message.type), error.what());
    return fail(ErrorCode::kPrecondition, "panic during execution");
  }
}

// The answer comes in query_done or call_done.
Result<void> Handler::serve_later(Now now, TransactionContext& context, const RequestName& request,
                                  Answer answer) {
  context.open_request = OpenRequest{request.type, ++environment_.last_serial, request.received};
  if (auto* call = std::get_if<CallChaincode>(&answer)) {
    auto started = environment_.callees.call(now, id_, context, std::move(*call));
    if (!started) context.open_request.reset();
    return started;
  }
  auto& task = std::get<ReadAhead>(answer).task;
  if (environment_.callees.read_ahead(id_, context, std::move(task))) return {};
  context.open_request.reset();
  context.pending_query.reset();
  return fail(ErrorCode::kExhausted,
              "too many queries are waiting for a worker (limits.backgroundJobs)");
}

TransactionContext* Handler::take_open_request(const TxKey& key, std::uint64_t serial,
                                               OpenRequest& taken) {
  TransactionContext* context = contexts_.find(key.channel.value, key.tx.value);
  const bool waits =
      context != nullptr && context->open_request && context->open_request->serial == serial;
  if (!waits) return nullptr;
  taken = *std::exchange(context->open_request, std::nullopt);
  return context;
}

void Handler::query_done(Now now, const TxKey& key, std::uint64_t serial) {
  OpenRequest taken;
  TransactionContext* context = take_open_request(key, serial, taken);
  if (context == nullptr) return;
  reply(now,
        {taken.type, key.channel.value, key.tx.value, context->metrics->requests[taken.type],
         taken.received},
        resume(*context, environment_.options.query_limits, begin_reply()));
}

void Handler::call_done(Now now, const TxKey& key, std::uint64_t serial, ExecutionResult result) {
  OpenRequest taken;
  TransactionContext* context = take_open_request(key, serial, taken);
  if (context == nullptr) return;
  if (context->simulator == nullptr) context->simulator = std::move(result.simulator);
  Result<void> served;
  if (!result.message.empty()) {
    begin_reply() = std::move(result.message);
  } else {
    served = fail(ErrorCode::kPrecondition, "execute failed: " + execution_error(result));
  }
  reply(now,
        {taken.type, key.channel.value, key.tx.value, context->metrics->requests[taken.type],
         taken.received},
        std::move(served));
}

std::string& Handler::begin_reply() {
  environment_.reply_payload.clear();
  return environment_.reply_payload;
}

// Sends the payload as the RESPONSE, or the ERROR that `served` asks for.
void Handler::reply(Now now, const RequestName& request, Result<void> served) {
  MessageView reply{.type = Message::RESPONSE,
                    .payload = environment_.reply_payload,
                    .txid = request.txid,
                    .channel_id = request.channel_id};
  if (served) {
    served = send(reply);
    if (!served && served.error().code != ErrorCode::kInvalid) {
      count_completed(request.metrics, request.received, false);
      send_failed(now, reply, served.error());
      return;
    }
  }
  count_completed(request.metrics, request.received, served.has_value());
  environment_.counters.add(served ? Counter::kRequestsServed : Counter::kRequestsFailed);
  if (served) return;
  // The request failed, or its answer is too large to be sent.
  const std::string text = type_name(request.type) +
                           " failed: transaction ID: " + std::string(request.txid) + ": " +
                           wire_text(request, served.error());
  reply.type = Message::ERROR;
  reply.payload = text;
  if (auto sent = send(reply); !sent) send_failed(now, reply, sent.error());
}

// The clock is read once for each request: where one ends, the next one of this turn begins.
void Handler::count_completed(RequestMetrics& metrics, SteadyTime received, bool success) {
  environment_.served_until = environment_.options.read_clock();
  metrics.completed[success ? 1 : 0].observe(environment_.served_until - received);
}

// What a chaincode may know of an error. Of the disk's it learns only that there is one: their text
// names files of ours, and a person has to act.
std::string Handler::wire_text(const RequestName& request, const Error& error) {
  if (error.code != ErrorCode::kIo && error.code != ErrorCode::kCorrupt) return error.message;
  environment_.logger.error("ledger.read_failed handler={} channel={} tx={} type={} reason={:?}",
                            id_.value, request.channel_id, txid8(request.txid),
                            type_name(request.type), error.message);
  return "the ledger cannot be read";
}

}  // namespace ccbus::chaincode
