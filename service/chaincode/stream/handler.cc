#include "service/chaincode/stream/handler.h"

#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "service/base/assert.h"
#include "service/chaincode/message/chaincode_name.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

constexpr std::size_t kLoggedTextBytes = 256;

Event event_of_received(Message::Type type) {
  switch (type) {
    case Message::REGISTER: return Event::kRegister;
    case Message::COMPLETED: return Event::kCompleted;
    case Message::ERROR: return Event::kError;
    default: return is_request(type) ? Event::kRequest : Event::kDisallowed;
  }
}

Event event_of_next_state(Message::Type type) {
  switch (type) {
    case Message::READY: return Event::kReady;
    case Message::INIT:
    case Message::TRANSACTION: return Event::kTransaction;
    case Message::RESPONSE:
    case Message::ERROR: return Event::kReply;
    default: return Event::kDisallowed;
  }
}

}  // namespace

std::string describe_violation(State state, const MessageView& message) {
  if (state == State::kEstablished) {
    return "handle message: invalid state established for transaction " + std::string(message.txid);
  }
  return "[" + std::string(message.txid) + "] Fabric side handler cannot handle message (" +
         type_name(message.type) + ") while in " + std::string(to_string(state)) + " state";
}

Handler::Handler(HandlerId id, PeerId peer, Environment& environment, SteadyTime now)
    : id_(id), peer_(peer), created_(now), environment_(environment), last_heard_(now) {
  environment_.counters.add(Counter::kStreamsStarted);
}

Handler::~Handler() {
  CCBUS_ASSERT(contexts_.size() == 0);
}

void Handler::receive(Now now, const MessageView* message) {
  if (state_ == State::kEnd) return;
  last_heard_ = now.steady;
  if (message == nullptr) {
    step({now, Event::kNilMessage, nullptr, nullptr,
          "received nil message, ending chaincode support stream"});
    return;
  }
  if (message->type == Message::ERROR) {
    environment_.logger.warn("handler.error_received handler={} ccid={} channel={} tx={} text={:?}",
                             id_.value, registered_name_, message->channel_id, txid8(message->txid),
                             message->payload.substr(0, kLoggedTextBytes));
  }
  if (message->type == Message::KEEPALIVE) return;  // It lives; the machine is not asked.
  step({now, event_of_received(message->type), message});
}

void Handler::next_state(Now now, const NextState& next) {
  if (state_ == State::kEnd) return;
  if (next.message == nullptr) {
    step({now, Event::kNoNextState, nullptr, nullptr,
          "next state nil message, ending chaincode support stream"});
    return;
  }
  CCBUS_ASSERT(next.send != SendToChaincode::kSync || next.message->type() == Message::READY);
  const MessageView message = view_of(*next.message);
  step({now, event_of_next_state(message.type), &message});
  if (state_ == State::kEnd || next.send == SendToChaincode::kNo) return;
  auto sent = send(message);
  if (sent) return;
  const bool is_too_large = sent.error().code == ErrorCode::kInvalid;
  if (is_too_large && refuse_transaction(message, sent.error())) return;
  send_failed(now, message, sent.error());
}

void Handler::happen(Now now, Event event, std::string_view reason) {
  if (state_ != State::kEnd) step({now, event, nullptr, nullptr, reason});
}

void Handler::expire(Now now, TransactionContext& context) {
  step({now, Event::kExpired, nullptr, &context});
}

void Handler::keep_alive(Now now) {
  if (state_ == State::kEnd) return;
  const MessageView message{.type = Message::KEEPALIVE};
  if (auto sent = send(message); !sent) send_failed(now, message, sent.error());
}

void Handler::step(const EventContext& current) {
  const Row* row = find_row(state_, current.event);
  if (row == nullptr) {
    environment_.counters.add(Counter::kProtocolViolations);
    terminate(current,
              current.message == nullptr
                  ? "receive from chaincode support stream failed: " + std::string(current.reason)
                  : "error handling message, ending stream: " +
                        describe_violation(state_, *current.message));
    state_ = State::kEnd;
    return;
  }
  environment_.logger.debug("handler.step handler={} state={} event={} action={}", id_.value,
                            to_string(state_), to_string(current.event), to_string(row->action));
  const auto performed = perform(row->action, current);
  if (state_ == State::kEnd) return;  // A send inside the action failed.
  if (!performed) {
    terminate(current, "error handling message, ending stream: " + performed.error().message);
    state_ = State::kEnd;
    return;
  }
  state_ = row->to;
  if (row->action == Action::kAdmit) {
    auto ready = std::make_unique<Message>();
    ready->set_type(Message::READY);
    environment_.options.additional_params.SerializeToString(ready->mutable_payload());
    next_state(current.now, {id_, std::move(ready), SendToChaincode::kSync});
  }
}

Result<void> Handler::perform(Action action, const EventContext& current) {
  switch (action) {
    case Action::kAdmit: return admit(current);
    case Action::kAnnounceReady: announce_ready(); break;
    case Action::kStart: environment_.counters.add(Counter::kTransactionsStarted); break;
    case Action::kServe: serve(current); break;
    case Action::kFinish: finish(current); break;
    case Action::kExpire: expire_transaction(current); break;
    case Action::kPass: break;
    case Action::kTerminate: terminate(current, current.reason); break;
  }
  return {};
}

Result<void> Handler::admit(const EventContext& current) {
  protos::ChaincodeID id;
  if (!decode(current.message->payload, id)) {
    return refuse_registration(
        current, {ErrorCode::kInvalid,
                  "error in received REGISTER, could NOT unmarshal registration info: not a "
                  "protos.ChaincodeID (" +
                      std::to_string(current.message->payload.size()) + " bytes)"});
  }
  if (auto valid = check_registration_name(id.name(), environment_.options.name_bytes_max);
      !valid) {
    return refuse_registration(current, valid.error());
  }
  registered_name_ = id.name();
  if (auto added = environment_.registry.add(ChaincodeName::parse(id.name()).name, id_); !added) {
    return refuse_registration(current, added.error());
  }
  const MessageView registered{.type = Message::REGISTERED};
  if (auto sent = send(registered); !sent) send_failed(current.now, registered, sent.error());
  return {};
}

// Upstream says nothing and leaves the chaincode waiting; ours hears why, then the end.
Result<void> Handler::refuse_registration(const EventContext& current, const Error& why) {
  environment_.counters.add(Counter::kRegistrationsRefused);
  const MessageView refusal{
      .type = Message::ERROR, .payload = why.message, .txid = current.message->txid};
  // If this cannot be sent, neither can the end that follows; the stream is over either way.
  static_cast<void>(send(refusal));
  return unexpected(why);
}

void Handler::announce_ready() {
  environment_.registry.set_ready(id_);
  environment_.logger.info("handler.ready handler={} peer={} ccid={}", id_.value, peer_.value,
                           registered_name_);
}

void Handler::terminate(const EventContext& current, std::string_view reason) {
  const std::size_t open = contexts_.size();
  environment_.counters.add(Counter::kStreamsEnded);
  environment_.registry.remove(id_);
  environment_.logger.info(
      "handler.ended handler={} peer={} ccid={} state={} open_transactions={} reason={:?}",
      id_.value, peer_.value, registered_name_, to_string(state_), open, reason);
  if (current.event != Event::kEof) environment_.outbox.send_end(peer_);
  while (auto context = contexts_.remove_any()) {
    ExecutionResult result;
    result.outcome = Outcome::kStreamTerminated;
    result.error = "chaincode stream terminated";
    end_transaction(std::move(context), std::move(result));
  }
}

Result<void> Handler::send(const MessageView& message) {
  auto sent = environment_.outbox.send(peer_, message);
  if (!sent) environment_.counters.add(Counter::kSendsRefused);
  return sent;
}

void Handler::send_failed(Now now, const MessageView& message, const Error& error) {
  const std::string text = "[" + std::string(txid8(message.txid)) + "] error sending " +
                           type_name(message.type) + ": " + error.message;
  if (auto context = contexts_.remove(message.channel_id, message.txid)) {
    ExecutionResult result;
    result.outcome = Outcome::kSendFailed;
    result.error = "transaction returned with failure: " + text;
    end_transaction(std::move(context), std::move(result));
  }
  happen(now, Event::kSendFailed,
         "received error while sending message, ending chaincode support stream: " + text);
}

}  // namespace ccbus::chaincode
