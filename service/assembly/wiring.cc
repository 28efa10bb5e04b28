#include "service/assembly/wiring.h"

#include <cstdint>
#include <exception>
#include <unordered_set>
#include <utility>

#include "service/assembly/wrong_endpoint.h"
#include "service/base/assert.h"
#include "service/chaincode/message/decoded_message.h"
#include "service/gateway/access/access.h"

namespace ccbus {

zmq::message_t encode(const google::protobuf::MessageLite& message) {
  zmq::message_t frame(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(static_cast<std::uint8_t*>(frame.data()));
  return frame;
}

Result<void> ChaincodeSide::send(PeerId peer, const chaincode::MessageView& message) {
  // A client's first request has the type of a registration, which is refused.
  const bool is_refusal = message.type == protos::ChaincodeMessage::ERROR && message.txid.empty();
  if (is_refusal && told_client(peer)) return {};
  zmq::message_t frame(chaincode::encoded_bytes(message));
  chaincode::encode(message, static_cast<std::uint8_t*>(frame.data()));
  return endpoint_->send(peer, std::move(frame));
}

chaincode::Options ChaincodeSide::with_credentials(chaincode::Options options) const {
  if (holders_.chaincodes.are_asked()) options.credentials = this;
  return options;
}

Result<void> ChaincodeSide::may_register(PeerId peer, std::string_view chaincode) const {
  const security::AllowedKey& key = holders_.chaincodes.of(peer);
  if (key.permissions.may_register(chaincode)) return {};
  return fail(ErrorCode::kDenied,
              gateway::denial(key, "register chaincode [" + std::string(chaincode) + "]"));
}

bool ChaincodeSide::may_reach(PeerId client, std::string_view channel) const {
  const security::Permissions& permissions = holders_.clients.of(client).permissions;
  return permissions.has(security::Right::kEvaluate) && permissions.may_use(channel);
}

void ChaincodeSide::on_keys_changed(Now now) {
  constexpr std::string_view kRevoked = "its key was revoked or has expired";
  for (const auto& [peer, is_allowed] : holders_.chaincodes.look_up_again(now.wall)) {
    if (is_allowed) continue;  // What it may still do is looked at for each transaction.
    support_.on_malformed(now, peer, kRevoked);
    endpoint_->shut_out(peer, kRevoked);
  }
  for (const auto& [name, members] : support_.report(now)) {
    for (const auto& member : members) {
      if (auto allowed = may_register(member.peer, name); !allowed) {
        support_.on_malformed(now, member.peer, allowed.error().message);
      }
    }
  }
}

void ChaincodeSide::send_end(PeerId peer) {
  if (!told_client(peer)) endpoint_->send_end(peer);
}

// Returns whether what is being handled is a client's request; then the client has been told once.
bool ChaincodeSide::told_client(PeerId peer) {
  const auto answer = answer_to_client(handled_, client_address_);
  if (!answer) return false;
  if (told_ != handled_.data()) static_cast<void>(endpoint_->send(peer, encode(*answer)));
  told_ = handled_.data();
  return true;
}

void ClientSide::on_message(Now now, PeerId peer, zmq::message_t& frame) {
  const auto received = gateway_->decode({frame.data<std::byte>(), frame.size()});
  if (!received.outcome) {
    if (const auto answer = answer_to_chaincode(frame.to_string_view(), chaincode_address_)) {
      static_cast<void>(endpoint_->send(peer, encode(*answer)));  // Best effort.
      return endpoint_->send_end(peer);
    }
  }
  gateway_->on_request(now, peer, received);
}

// Also one that may still do something connects again: what it waits for was allowed before.
void ClientSide::on_keys_changed(Now now) {
  for (const auto& [peer, is_allowed] : holders_.look_up_again(now.wall)) {
    gateway_->on_client_shut_out(peer);
    endpoint_->shut_out(peer, is_allowed ? "its key may do other things than before"
                                         : "its key was revoked or has expired");
  }
}

DecodingListener::Decoded ChaincodeSide::decode(zmq::message_t frame) {
  struct Held {
    zmq::message_t frame;
    Result<std::unique_ptr<chaincode::DecodedMessage>> message;
  };
  const auto held = std::make_shared<Held>(Held{std::move(frame), nullptr});
  held->message = chaincode::DecodedMessage::decode(held->frame.to_string_view());
  return [this, held](Now now, PeerId peer) {
    if (!held->message) return support_.on_malformed(now, peer, held->message.error().message);
    support_.on_decoded(now, peer, (*held->message)->view());
  };
}

DecodingListener::Decoded ClientSide::decode(zmq::message_t frame) {
  const auto received = std::make_shared<gateway::Gateway::ReceivedRequest>(
      gateway_->decode({frame.data<std::byte>(), frame.size()}));
  return [gateway = gateway_, received](Now now, PeerId client) {
    gateway->on_request(now, client, *received);
  };
}

void ChaincodeSide::check_peers(std::span<const PeerId> connected) const {
  const std::unordered_set<PeerId> known(connected.begin(), connected.end());
  for (const PeerId peer : support_.peers()) CCBUS_ASSERT(known.contains(peer));
}

// The engine and the gateway throw nothing. What an exception of a job was to answer has been
// answered by its destructor.
void Dispatcher::on_event(Now now, std::unique_ptr<BusEvent> event) {
  try {
    handle(now, *event);
  } catch (const std::exception& error) {
    logger_.error("bus.event_exception event={} what={:?}", event->index(), error.what());
  }
}

void Dispatcher::handle(Now now, BusEvent& event) {
  if (auto* next = std::get_if<chaincode::NextState>(&event)) {
    chaincodes_.on_next_state(now, std::move(*next));
  } else if (auto* block = std::get_if<ledger::BlockCommitted>(&event)) {
    gateway_.on_block(now, *block);
  } else if (auto* job = std::get_if<std::unique_ptr<Job>>(&event)) {
    (*job)->end(now);
  } else if (const auto* closed = std::get_if<LedgerClosed>(&event)) {
    gateway_.on_ledger_closed(closed->channel);
  } else if (const auto* halted = std::get_if<LogHalted>(&event)) {
    gateway_.on_log_halted(halted->channel);
  } else {
    begin_stop(now, std::move(std::get<StopRequested>(event)));
  }
}

void Dispatcher::begin_stop(Now now, StopRequested request) {
  const bool may_drain = !stop_ && request.exit_code == 0;
  grace_ends_.reset();
  if (may_drain) grace_ends_ = now.steady + options_.grace;
  if (stop_) {
    // The reason of an error replaces that of a normal stop.
    if (stop_->exit_code == 0) stop_ = std::move(request);
    return;
  }
  stop_ = std::move(request);
  options_.on_stopping(*stop_);
  gateway_.stop_accepting();
}

void Dispatcher::on_timer(Now now) {
  chaincodes_.on_timer(now);
  gateway_.on_timer(now);
  if (grace_ends_ && *grace_ends_ <= now.steady) grace_ends_.reset();
}

std::optional<SteadyTime> Dispatcher::next_deadline() const {
  return earlier(earlier(chaincodes_.next_deadline(), gateway_.next_deadline()), grace_ends_);
}

}  // namespace ccbus
