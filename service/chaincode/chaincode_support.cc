#include "service/chaincode/chaincode_support.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "service/base/assert.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

// Buffers that have grown beyond this are freed after the message.
constexpr std::size_t kKeptBytesMax = 1u << 20;

void give_back(std::string& memory) {
  std::string().swap(memory);  // An assignment would keep the allocation.
}

}  // namespace

ChaincodeSupport::ChaincodeSupport(const Options& options, Outbox& outbox, Simulators& simulators,
                                   Threads threads, Logger& logger, Counters& counters)
    : environment_(options, outbox, calls_, threads.workers, logger, counters),
      streams_(environment_),
      executions_(environment_, streams_, threads.signers),
      calls_(environment_, streams_, executions_, simulators) {
  // Protobuf makes its tables of names when they are first used, and does not survive a failure.
  static_cast<void>(type_name(Message::REGISTER));
}

ChaincodeSupport::~ChaincodeSupport() = default;

void ChaincodeSupport::on_message(Now now, PeerId peer, std::span<const std::byte> frame) noexcept {
  streams_.drop_retired();
  try {
    receive(now, peer, frame);
  } catch (const std::exception& error) {
    fail_message(now, peer, error);
  }
}

// The exception was thrown outside of the handler: while the message was decoded, or a stream
// began.
void ChaincodeSupport::fail_message(Now now, PeerId peer, const std::exception& why) noexcept {
  environment_.logger.error("chaincode.exception peer={} what={:?}", peer.value, why.what());
  end_stream(now, peer, "the service failed to handle a message of this stream");
}

void ChaincodeSupport::receive(Now now, PeerId peer, std::span<const std::byte> frame) {
  Handler* handler = streams_.find(peer);
  if (frame.empty()) {
    if (handler != nullptr) handler->receive(now, nullptr);
    return finish_event(now, handler);
  }
  const std::size_t limit = environment_.options.message_bytes_max;
  if (frame.size() > limit) {
    on_malformed(now, peer,
                 "a message of " + std::to_string(frame.size()) + " bytes exceeds the limit of " +
                     std::to_string(limit) + " (peer.maxRecvMsgSize)");
    return;
  }
  const auto message = reader_.read(frame);
  if (!message) {
    on_malformed(now, peer, message.error().message);
  } else {
    handle_message(now, peer, handler, **message);
  }
  keep_memory_small(frame.size());
}

void ChaincodeSupport::on_decoded(Now now, PeerId peer, const MessageView& message) noexcept {
  streams_.drop_retired();
  try {
    handle_message(now, peer, streams_.find(peer), message);
  } catch (const std::exception& error) {
    fail_message(now, peer, error);
  }
  keep_memory_small(message.payload.size());
}

// `handler` is the peer's; null if it has none.
void ChaincodeSupport::handle_message(Now now, PeerId peer, Handler* handler,
                                      const MessageView& message) {
  if (handler == nullptr) return on_first_message(now, peer, message);
  handler->receive(now, &message);
  finish_event(now, handler);
}

void ChaincodeSupport::on_malformed(Now now, PeerId peer, std::string_view reason) noexcept {
  streams_.drop_retired();
  try {
    const std::string text = "error in received message, ending stream: " + std::string(reason);
    // If it cannot be sent, the stream ends all the same.
    static_cast<void>(environment_.outbox.send(peer, {.type = Message::ERROR, .payload = text}));
  } catch (const std::exception&) {
  }
  end_stream(now, peer, reason);
}

void ChaincodeSupport::end_stream(Now now, PeerId peer, std::string_view reason) noexcept {
  if (Handler* handler = streams_.find(peer)) {
    handler->happen(now, Event::kDisallowed, reason);
    return finish_event(now, handler);
  }
  environment_.counters.add(Counter::kProtocolViolations);
  reject(peer, reason);
}

void ChaincodeSupport::on_peer_gone(Now now, PeerId peer) noexcept {
  streams_.drop_retired();
  if (Handler* handler = streams_.find(peer)) {
    handler->happen(now, Event::kEof, "received EOF, ending chaincode support stream");
    finish_event(now, handler);
  }
}

void ChaincodeSupport::on_next_state(Now now, NextState next) noexcept {
  streams_.drop_retired();
  handle(now, next, NextStateMetrics::Origin::kPipe);
  finish_event(now, nullptr);
}

void ChaincodeSupport::on_timer(Now now) noexcept {
  streams_.drop_retired();
  while (auto due = environment_.deadlines.pop(now.steady)) {
    Handler* handler = streams_.find(due->handler);
    if (handler == nullptr) {
      CCBUS_ASSERT(due->context == nullptr);  // A context removes its deadline when it ends.
      continue;
    }
    if (due->context != nullptr) {
      handler->expire(now, *due->context);
    } else {
      handler->keep_alive(now);
      schedule_keepalive(now, due->handler);  // Allocates nothing: one was just taken out.
    }
    finish_event(now, handler);
  }
}

std::optional<SteadyTime> ChaincodeSupport::next_deadline() const {
  return environment_.deadlines.next();
}

void ChaincodeSupport::shutdown(Now now) noexcept {
  streams_.drop_retired();
  executions_.stop();
  while (Handler* handler = streams_.any()) {
    handler->happen(now, Event::kShutdown, "the service is shutting down");
    finish_event(now, handler);
  }
}

HandlerId ChaincodeSupport::execute(Now now, Execution execution,
                                    PendingCall::Callback done) noexcept {
  const HandlerId handler = executions_.execute(now, std::move(execution), std::move(done));
  finish_event(now, nullptr);
  return handler;
}

void ChaincodeSupport::abandon(HandlerId handler, const TxKey& key, std::string_view ns) noexcept {
  static_cast<void>(streams_.abandon(handler, key.channel.value, key.tx.value, ns));
}

std::map<std::string, std::vector<ChaincodeSupport::MemberReport>> ChaincodeSupport::report(
    Now now) const {
  std::map<std::string, std::vector<MemberReport>> pools;
  for (const auto& [name, members] : environment_.registry.pools()) {
    for (const Registry::Member& member : members) {
      const Handler& handler = *streams_.find(member.handler);
      pools[name].push_back(
          {member.handler, handler.peer(), handler.registered_name(), handler.state(),
           handler.open_transactions(), member.started,
           std::chrono::duration_cast<std::chrono::milliseconds>(now.steady - handler.created())});
    }
  }
  return pools;
}

std::vector<PeerId> ChaincodeSupport::peers() const {
  std::vector<PeerId> peers;
  streams_.any_of([&peers](const Handler& handler) {
    peers.push_back(handler.peer());
    return false;
  });
  return peers;
}

// Handles a message of a peer that has no handler.
void ChaincodeSupport::on_first_message(Now now, PeerId peer, const MessageView& message) {
  if (message.type != Message::REGISTER) {
    environment_.counters.add(Counter::kUnregisteredRejected);
    return reject(peer, describe_violation(State::kCreated, message));
  }
  Handler& handler = streams_.add(now, peer);
  schedule_keepalive(now, handler.id());
  handler.receive(now, &message);
  finish_event(now, &handler);
}

// Answers with the empty frame, which tells the peer to register again.
void ChaincodeSupport::reject(PeerId peer, std::string_view why) noexcept {
  environment_.logger.debug("handler.unregistered peer={} reason={:?}", peer.value, why);
  try {
    environment_.outbox.send_end(peer);
  } catch (const std::exception& error) {  // It is sent one after the next message of that peer.
    environment_.logger.error("chaincode.exception peer={} what={:?}", peer.value, error.what());
  }
}

// Passes one next state to its handler.
void ChaincodeSupport::handle(Now now, const NextState& next,
                              NextStateMetrics::Origin origin) noexcept {
  NextStateMetrics& metrics = environment_.next_state_metrics;
  if (next.message == nullptr) {
    metrics.without_message.add(1);
  } else {
    metrics.handled[static_cast<std::size_t>(origin)][next.message->type()].add(1);
  }
  Handler* handler = streams_.find(next.handler);
  if (handler == nullptr) handler = executions_.take_successor(next);
  if (handler == nullptr) return metrics.late.add(1);
  handler->next_state(now, next);
  retire_if_ended(now, *handler);
}

// Called after each event; `handler` is the one that it was for, or null. Handles the next states
// that the event has raised on this thread, and those that they raise in turn, in order.
void ChaincodeSupport::finish_event(Now now, Handler* handler) noexcept {
  if (handler != nullptr) retire_if_ended(now, *handler);
  if (!environment_.next_states.empty()) handle_next_states(now);
}

void ChaincodeSupport::handle_next_states(Now now) noexcept {
  if (is_handling_next_states_) return;  // Called from within the loop below, which continues.
  is_handling_next_states_ = true;
  while (!environment_.next_states.empty()) {
    handle(now, environment_.next_states.pop(), NextStateMetrics::Origin::kBus);
  }
  is_handling_next_states_ = false;
}

void ChaincodeSupport::retire_if_ended(Now now, Handler& handler) noexcept {
  if (handler.state() != State::kEnd) return;
  if (streams_.find(handler.id()) == nullptr) return;  // Retired by a nested event already.
  streams_.retire(handler);
  executions_.take_over(now, handler);
}

void ChaincodeSupport::schedule_keepalive(Now now, HandlerId handler) {
  const auto interval = environment_.options.keepalive;
  if (interval.count() > 0) environment_.deadlines.add(now.steady + interval, {handler, nullptr});
}

void ChaincodeSupport::keep_memory_small(std::size_t frame_bytes) {
  std::string& read = environment_.buffers.found.value;
  if (std::max({frame_bytes, environment_.reply_payload.capacity(), read.capacity()}) <=
      kKeptBytesMax) {
    return;
  }
  reader_.shrink();
  give_back(environment_.reply_payload);
  give_back(read);
  environment_.buffers = {};
}

}  // namespace ccbus::chaincode
