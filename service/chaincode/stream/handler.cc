#include "service/chaincode/stream/handler.h"

#include <chrono>
#include <exception>
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

Event event_of_next_state(const NextState& next) {
  if (next.failure) return Event::kUnprepared;
  switch (next.message->type()) {
    case Message::READY: return Event::kReady;
    case Message::INIT:
    case Message::TRANSACTION: return Event::kTransaction;
    case Message::RESPONSE:
    case Message::ERROR: return Event::kAnswer;
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
    : id_(id),
      peer_(peer),
      created_(now),
      environment_(environment),
      transactions_(id, registered_name_, environment),
      requests_(id, registered_name_, transactions_, environment),
      last_heard_(now) {
  environment_.counters.add(Counter::kStreamsStarted);
}

void Handler::receive(Now now, const MessageView* message) noexcept {
  if (state_ == State::kEnd) return;
  last_heard_ = now.steady;
  if (message == nullptr) {
    step({.now = now,
          .event = Event::kNilMessage,
          .reason = "received nil message, ending chaincode support stream"});
    return;
  }
  if (message->type == Message::ERROR) {
    environment_.logger.warn("handler.error_received handler={} ccid={} channel={} tx={} text={:?}",
                             id_.value, registered_name_, message->channel_id, txid8(message->txid),
                             message->payload.substr(0, kLoggedTextBytes));
  }
  if (message->type == Message::KEEPALIVE) return;  // Not an event of the state machine.
  step({.now = now, .event = event_of_received(message->type), .message = message});
}

void Handler::next_state(Now now, const NextState& next) noexcept {
  if (state_ == State::kEnd) return;
  if (next.message == nullptr) {
    step({.now = now,
          .event = Event::kNoNextState,
          .reason = "next state nil message, ending chaincode support stream"});
    return;
  }
  CCBUS_ASSERT(next.send != SendToChaincode::kSync || next.message->type() == Message::READY);
  const MessageView message = view_of(*next.message);
  has_reply_ = false;
  const EventContext current{
      .now = now, .event = event_of_next_state(next), .message = &message, .next = &next};
  const Follow follow = step(current);
  if (follow == Follow::kSuppress || state_ == State::kEnd || next.send == SendToChaincode::kNo) {
    return;
  }
  try {
    send_next_state(current);
  } catch (const std::exception& error) {
    recover(current, error);
  }
}

void Handler::send_next_state(const EventContext& current) {
  const Now now = current.now;
  const NextState& next = *current.next;
  const MessageView& message = *current.message;
  if (has_reply_) return send_reply(now, reply_);
  auto sent = send(message);
  if (!sent) {
    // A TRANSACTION holds the arguments twice, in the payload and in the proposal. A request that
    // was small enough to be received may therefore be too large to be sent. That fails its
    // transaction and does not end the stream.
    const bool is_too_large = sent.error().code == ErrorCode::kInvalid;
    if (is_too_large && transactions_.fail(message.channel_id, message.txid, Outcome::kExhausted,
                                           type_name(message.type) + ": " + sent.error().message)) {
      return;
    }
    return send_failed(now, message, sent.error());
  }
  // The chaincodes that this transaction calls get the same proposal. It is moved here, after the
  // send, so that it need not be copied.
  if (next.message->has_proposal()) {
    if (auto* started = transactions_.find(message.channel_id, message.txid)) {
      started->proposal = std::move(*next.message->mutable_proposal());
    }
  }
}

void Handler::happen(Now now, Event event, std::string_view reason) noexcept {
  if (state_ != State::kEnd) step({.now = now, .event = event, .reason = reason});
}

bool Handler::accept(Now now, std::unique_ptr<TransactionContext> context) noexcept {
  return step({.now = now, .event = Event::kExecute, .accepted = &context}) == Follow::kSend;
}

std::unique_ptr<ledger::TxSimulator> Handler::abandon(std::string_view channel, std::string_view tx,
                                                      std::string_view ns) noexcept {
  if (transactions_.size() == 0) return nullptr;
  // A part of kTerminate, which is ending all transactions of this handler.
  if (state_ == State::kEnd) return transactions_.abandon(channel, tx, ns);
  Abandonment abandonment{channel, tx, ns, nullptr};
  step({.now = {}, .event = Event::kAbandoned, .abandoned = &abandonment});
  return std::move(abandonment.simulator);
}

void Handler::expire(Now now, TransactionContext& context) noexcept {
  step({.now = now, .event = Event::kExpired, .expired = &context});
}

void Handler::keep_alive(Now now) noexcept {
  if (state_ == State::kEnd) return;
  const MessageView message{.type = Message::KEEPALIVE};
  try {
    if (auto sent = send(message); !sent) send_failed(now, message, sent.error());
  } catch (const std::exception&) {  // The next one will tell whether the chaincode is there.
  }
}

std::unique_ptr<TransactionContext> Handler::take_unstarted() noexcept {
  CCBUS_ASSERT(state_ == State::kEnd);
  return transactions_.take_unstarted();
}

Handler::Follow Handler::step(const EventContext& current) noexcept {
  try {
    return carry_out(current);
  } catch (const std::exception& error) {
    recover(current, error);
    return Follow::kSuppress;
  }
}

Handler::Follow Handler::carry_out(const EventContext& current) {
  const Row* row = find_row(state_, current.event);
  if (row == nullptr) {
    environment_.counters.add(Counter::kProtocolViolations);
    terminate(current,
              current.message == nullptr
                  ? "receive from chaincode support stream failed: " + std::string(current.reason)
                  : "error handling message, ending stream: " +
                        describe_violation(state_, *current.message));
    return Follow::kSuppress;
  }
  environment_.logger.debug("handler.step handler={} state={} event={} action={}", id_.value,
                            to_string(state_), to_string(current.event), to_string(row->action));
  const auto performed = perform(row->action, current);
  if (state_ == State::kEnd) return Follow::kSuppress;  // A send inside the action failed.
  if (!performed) {
    terminate(current, "error handling message, ending stream: " + performed.error().message);
    return Follow::kSuppress;
  }
  state_ = row->to;
  return *performed;
}

void Handler::recover(const EventContext& current, const std::exception& why) noexcept {
  environment_.logger.error("handler.exception handler={} ccid={} state={} event={} what={:?}",
                            id_.value, registered_name_, to_string(state_),
                            to_string(current.event), why.what());
  if (state_ == State::kEnd) return;
  switch (current.event) {
    case Event::kRequest:
    case Event::kAnswer: return recover_request(current);
    case Event::kTransaction:
    case Event::kUnprepared:
    case Event::kCompleted:
    case Event::kError:
      transactions_.fail(current.message->channel_id, current.message->txid,
                         Outcome::kServiceFailed, kServiceFailedText);
      return;
    default: terminate(current, "the service failed to handle an event of this stream");
  }
}

// The chaincode waits for an answer; without one it would wait for ever.
void Handler::recover_request(const EventContext& current) noexcept {
  const MessageView& request = *current.message;
  if (!requests_.drop_open(request)) {
    transactions_.fail(request.channel_id, request.txid, Outcome::kServiceFailed,
                       kServiceFailedText);
  }
  const MessageView refusal{.type = Message::ERROR,
                            .payload = kServiceFailedText,
                            .txid = request.txid,
                            .channel_id = request.channel_id};
  try {
    environment_.counters.add(Counter::kRequestsFailed);
    if (auto sent = send(refusal); !sent) send_failed(current.now, refusal, sent.error());
  } catch (const std::exception&) {
    terminate(current, "a request could not be answered");
  }
}

Result<Handler::Follow> Handler::perform(Action action, const EventContext& current) {
  switch (action) {
    case Action::kAdmit:
      if (auto admitted = admit(current); !admitted) return unexpected(admitted.error());
      break;
    case Action::kAnnounceReady: announce_ready(); break;
    case Action::kAccept: return accept_transaction(current);
    case Action::kStart: return start(current);
    case Action::kRefuse: return refuse_transaction(current);
    case Action::kServe: serve(current); break;
    case Action::kAnswer: return answer(current);
    case Action::kFinish: transactions_.complete(*current.message); break;
    case Action::kAbandon:
      current.abandoned->simulator = transactions_.abandon(
          current.abandoned->channel, current.abandoned->tx, current.abandoned->ns);
      break;
    case Action::kExpire: expire_transaction(current); break;
    case Action::kTerminate: terminate(current, current.reason); break;
  }
  return Follow::kSend;
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
  const std::string bare_name(ChaincodeName::parse(id.name()).name);
  if (const Credentials* const credentials = environment_.options.credentials) {
    if (auto allowed = credentials->may_register(peer_, bare_name); !allowed) {
      environment_.counters.add(Counter::kPermissionsDenied);
      return refuse_registration(current, allowed.error());
    }
  }
  registered_name_ = id.name();
  if (auto added = environment_.registry.add(bare_name, id_); !added) {
    return refuse_registration(current, added.error());
  }
  const MessageView registered{.type = Message::REGISTERED};
  if (auto sent = send(registered); !sent) {
    send_failed(current.now, registered, sent.error());
    return {};
  }
  auto ready = std::make_unique<Message>();
  ready->set_type(Message::READY);
  environment_.options.additional_params.SerializeToString(ready->mutable_payload());
  environment_.next_states.push({id_, std::move(ready), 0, SendToChaincode::kSync});
  return {};
}

// Fabric does not answer and leaves the chaincode waiting. Here an ERROR says why, and the stream
// ends.
Result<void> Handler::refuse_registration(const EventContext& current, const Error& why) {
  environment_.counters.add(Counter::kRegistrationsRefused);
  const MessageView refusal{
      .type = Message::ERROR, .payload = why.message, .txid = current.message->txid};
  // A failure is ignored: the stream ends in any case.
  static_cast<void>(send(refusal));
  return unexpected(why);
}

void Handler::announce_ready() {
  environment_.registry.set_ready(id_);
  environment_.logger.info("handler.ready handler={} peer={} ccid={}", id_.value, peer_.value,
                           registered_name_);
}

Handler::Follow Handler::accept_transaction(const EventContext& current) {
  return transactions_.accept(current.now, std::move(*current.accepted)) ? Follow::kSend
                                                                         : Follow::kSuppress;
}

Handler::Follow Handler::start(const EventContext& current) {
  return transactions_.start(*current.message) ? Follow::kSend : count_late(current);
}

Handler::Follow Handler::refuse_transaction(const EventContext& current) {
  const MessageView& message = *current.message;
  const Error& why = *current.next->failure;
  const bool failed = transactions_.fail(
      message.channel_id, message.txid,
      why.code == ErrorCode::kExhausted ? Outcome::kExhausted : Outcome::kUnprepared, why.message);
  return failed ? Follow::kSuppress : count_late(current);
}

void Handler::serve(const EventContext& current) {
  Reply reply;
  if (requests_.serve(current.now, *current.message, reply)) send_reply(current.now, reply);
}

Handler::Follow Handler::answer(const EventContext& current) {
  if (current.next->request == 0) return Follow::kSend;
  if (!requests_.close(current.next->request, *current.message, reply_)) {
    return count_late(current);
  }
  has_reply_ = true;
  return Follow::kSend;
}

// Counts a next state whose transaction or request has ended.
Handler::Follow Handler::count_late(const EventContext& current) {
  environment_.next_state_metrics.late.add(1);
  environment_.logger.debug("next_state.late handler={} channel={} tx={} type={}", id_.value,
                            current.message->channel_id, txid8(current.message->txid),
                            type_name(current.message->type));
  return Follow::kSuppress;
}

void Handler::expire_transaction(const EventContext& current) {
  transactions_.expire(*current.expired, std::chrono::duration_cast<std::chrono::milliseconds>(
                                             current.now.steady - last_heard_));
}

// Ends the stream. Transactions that have been started fail at once; the others stay until
// take_unstarted() is called.
void Handler::terminate(const EventContext& current, std::string_view reason) noexcept {
  environment_.counters.add(Counter::kStreamsEnded);
  environment_.registry.remove(id_);
  environment_.logger.info(
      "handler.ended handler={} peer={} ccid={} state={} open_transactions={} reason={:?}",
      id_.value, peer_.value, registered_name_, to_string(state_), transactions_.size(), reason);
  state_ = State::kEnd;
  try {
    if (current.event != Event::kEof) environment_.outbox.send_end(peer_);
  } catch (const std::exception& error) {  // Its next message will be answered by an end.
    environment_.logger.error("handler.end_not_sent handler={} what={:?}", id_.value, error.what());
  }
  transactions_.fail_started(Outcome::kStreamTerminated, "chaincode stream terminated");
}

// Sends the answer to a request. A RESPONSE that is too large to be sent is replaced by an ERROR.
void Handler::send_reply(Now now, const Reply& reply) {
  bool success = reply.message.type == Message::RESPONSE;
  auto sent = send(reply.message);
  if (!sent && success && sent.error().code == ErrorCode::kInvalid) {
    success = false;
    sent = send(requests_.failure(reply, sent.error()));
  }
  transactions_.count_completed(*reply.metrics, reply.received, success && sent.has_value());
  if (sent || !success) {
    environment_.counters.add(success ? Counter::kRequestsServed : Counter::kRequestsFailed);
  }
  if (!sent) {
    MessageView message = reply.message;
    if (!success) message.type = Message::ERROR;
    send_failed(now, message, sent.error());
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
  transactions_.fail(message.channel_id, message.txid, Outcome::kSendFailed,
                     "transaction returned with failure: " + text);
  happen(now, Event::kSendFailed,
         "received error while sending message, ending chaincode support stream: " + text);
}

}  // namespace ccbus::chaincode
