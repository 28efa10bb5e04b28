#include "service/chaincode/chaincode_support.h"

#include <algorithm>
#include <utility>

#include "service/base/assert.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;

// A message larger than this gives its memory back after use.
constexpr std::size_t kKeptBytesMax = 1u << 20;

void give_back(std::string& memory) {
  std::string().swap(memory);  // An assignment would keep it.
}

}  // namespace

ChaincodeSupport::ChaincodeSupport(const Options& options, Outbox& outbox, Simulators& simulators,
                                   Background& background, Logger& logger, Counters& counters)
    : environment_(options, outbox, *this, logger, counters),
      simulators_(simulators),
      background_(background) {}

ChaincodeSupport::~ChaincodeSupport() = default;

// Handlers that have ended are dropped when no call into them can be under way.
void ChaincodeSupport::begin_turn(Now now) {
  ended_.clear();
  turn_ = now;
}

void ChaincodeSupport::on_message(Now now, PeerId peer, std::span<const std::byte> frame) {
  begin_turn(now);
  Handler* handler = find(peer);
  if (frame.empty()) {
    if (handler != nullptr) handler->receive(now, nullptr);
    retire(peer);
    return;
  }
  const std::size_t limit = environment_.options.message_bytes_max;
  if (frame.size() > limit) {
    on_malformed(now, peer,
                 "a message of " + std::to_string(frame.size()) + " bytes exceeds the limit of " +
                     std::to_string(limit) + " (peer.maxRecvMsgSize)");
    return;
  }
  const MessageView* message = reader_.read(frame);
  if (message == nullptr) {
    on_malformed(now, peer,
                 "not a protos.ChaincodeMessage (" + std::to_string(frame.size()) + " bytes)");
    return;
  }
  if (handler != nullptr) {
    handler->receive(now, message);
  } else {
    on_first_message(now, peer, *message);
  }
  std::string& read = environment_.buffers.found.value;
  if (std::max({frame.size(), environment_.reply_payload.capacity(), read.capacity()}) >
      kKeptBytesMax) {
    reader_.shrink();
    give_back(environment_.reply_payload);
    give_back(read);
    environment_.buffers = {};
  }
  if (handler == nullptr || handler->state() == State::kEnd) retire(peer);
}

void ChaincodeSupport::on_malformed(Now now, PeerId peer, std::string_view reason) {
  begin_turn(now);
  const std::string text = "error in received message, ending stream: " + std::string(reason);
  // If it cannot be sent, the stream ends all the same.
  static_cast<void>(environment_.outbox.send(peer, {.type = Message::ERROR, .payload = text}));
  if (Handler* handler = find(peer)) {
    handler->happen(now, Event::kDisallowed, reason);
    retire(peer);
    return;
  }
  environment_.counters.add(Counter::kProtocolViolations);
  reject(peer, reason);
}

void ChaincodeSupport::on_peer_gone(Now now, PeerId peer) {
  begin_turn(now);
  if (Handler* handler = find(peer)) {
    handler->happen(now, Event::kEof, "received EOF, ending chaincode support stream");
    retire(peer);
  }
}

void ChaincodeSupport::on_next_state(Now now, NextState next) {
  begin_turn(now);
  const auto at = handlers_by_id_.find(next.handler);
  if (at == handlers_by_id_.end()) return;
  const PeerId peer = at->second->peer();
  at->second->next_state(now, std::move(next));
  retire(peer);
}

void ChaincodeSupport::on_timer(Now now) {
  begin_turn(now);
  while (auto due = environment_.deadlines.pop(now.steady)) {
    const auto at = handlers_by_id_.find(due->handler);
    if (at == handlers_by_id_.end()) {
      CCBUS_ASSERT(due->context == nullptr);  // Contexts take their deadlines with them.
      continue;
    }
    Handler& handler = *at->second;
    if (due->context != nullptr) {
      handler.expire(now, *due->context);
    } else {
      handler.keep_alive(now);
      schedule_keepalive(now, handler.id());
    }
    retire(handler.peer());
  }
}

std::optional<SteadyTime> ChaincodeSupport::next_deadline() const {
  return environment_.deadlines.next();
}

void ChaincodeSupport::shutdown(Now now) {
  begin_turn(now);
  while (!handlers_.empty()) {
    Handler& handler = *handlers_.begin()->second;
    handler.happen(now, Event::kShutdown, "the service is shutting down");
    retire(handler.peer());
  }
}

std::map<std::string, std::vector<ChaincodeSupport::MemberReport>> ChaincodeSupport::report(
    Now now) const {
  std::map<std::string, std::vector<MemberReport>> pools;
  for (const auto& [name, members] : environment_.registry.pools()) {
    for (const Registry::Member& member : members) {
      const Handler& handler = *handlers_by_id_.at(member.handler);
      pools[name].push_back(
          {member.handler, handler.peer(), handler.registered_name(), handler.state(),
           handler.open_transactions(), member.started,
           std::chrono::duration_cast<std::chrono::milliseconds>(now.steady - handler.created())});
    }
  }
  return pools;
}

Handler* ChaincodeSupport::find(PeerId peer) {
  const auto at = handlers_.find(peer);
  return at == handlers_.end() ? nullptr : at->second.get();
}

// The first message of a peer without a handler.
void ChaincodeSupport::on_first_message(Now now, PeerId peer, const MessageView& message) {
  if (message.type != Message::REGISTER) {
    environment_.counters.add(Counter::kUnregisteredRejected);
    reject(peer, describe_violation(State::kCreated, message));
    return;
  }
  last_id_ = HandlerId{last_id_.value + 1};
  auto handler = std::make_unique<Handler>(last_id_, peer, environment_, now.steady);
  handlers_by_id_.emplace(last_id_, handler.get());
  const auto at = handlers_.emplace(peer, std::move(handler)).first;
  schedule_keepalive(now, last_id_);
  at->second->receive(now, &message);
}

// "Register again."
void ChaincodeSupport::reject(PeerId peer, std::string_view why) {
  environment_.logger.debug("handler.unregistered peer={} reason={:?}", peer.value, why);
  environment_.outbox.send_end(peer);
}

void ChaincodeSupport::schedule_keepalive(Now now, HandlerId handler) {
  const auto interval = environment_.options.keepalive;
  if (interval.count() > 0) environment_.deadlines.add(now.steady + interval, {handler, nullptr});
}

// Takes an ended handler out of sight. It is dropped at the next event from the loop: a callback
// of its own may have brought us here.
void ChaincodeSupport::retire(PeerId peer) {
  const auto at = handlers_.find(peer);
  if (at == handlers_.end() || at->second->state() != State::kEnd) return;
  handlers_by_id_.erase(at->second->id());
  ended_.push_back(std::move(at->second));
  handlers_.erase(at);
}

}  // namespace ccbus::chaincode
