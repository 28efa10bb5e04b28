#include "bindings/cpp/src/shim/stream_loop.h"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include "bindings/cpp/src/shim/log_line.h"
#include "bindings/cpp/src/shim/message_encoding.h"
#include "fabric/peer/chaincode.pb.h"

namespace ccbus::shim {
namespace {

using namespace std::chrono_literals;
using protos::ChaincodeMessage;
using transport::Dealer;

// The most messages that are read in one turn.
constexpr int kBurst = 256;

// The event of the ERROR from an endpoint that is not for chaincodes.
constexpr std::string_view kWrongEndpoint = "wrong-endpoint";

zmq::message_t registration(const std::string& chaincode_id) {
  protos::ChaincodeID id;
  id.set_name(chaincode_id);
  ChaincodeMessage message;
  message.set_type(ChaincodeMessage::REGISTER);
  id.SerializeToString(message.mutable_payload());
  return encode_message(message);
}

bool is_reply(ChaincodeMessage::Type type) {
  return type == ChaincodeMessage::RESPONSE || type == ChaincodeMessage::ERROR;
}

std::string name_of(ChaincodeMessage::Type type) {
  const std::string& name = ChaincodeMessage::Type_Name(type);
  return name.empty() ? std::to_string(type) : name;
}

}  // namespace

StreamLoop::StreamLoop(Options options, TransactionRunner& runner, OutboundQueue& outbound)
    : options_(std::move(options)),
      endpoint_(transport::parse_endpoint(options_.peer_address)),
      runner_(runner),
      outbound_(outbound),
      deadline_(Clock::time_point::min()),
      backoff_(options_.reconnect_delay_min, options_.reconnect_delay_max, std::random_device{}()) {
}

void StreamLoop::stop() {
  stopping_ = true;
  outbound_.wake();
  readiness_.stopped();
}

void StreamLoop::log(std::string_view line) {
  const std::lock_guard lock(log_mutex_);
  options_.log(log_line(line));
}

StreamThreads::Outcome StreamLoop::run() {
  while (!has_ended()) {
    if (!dealer_ && !stopping_ && Clock::now() >= deadline_) connect();
    // First what another thread has left undone that had the stream before.
    if (turn() == StreamThreads::Outcome::kTaken) return StreamThreads::Outcome::kTaken;
    if (has_ended()) break;
    wait();
    check_deadline();
  }
  return StreamThreads::Outcome::kEnded;
}

bool StreamLoop::has_ended() {
  if (!stopping_) return false;
  if (dealer_) end_stream("stopped", 0ms);
  return transactions_.size() == 0;
}

void StreamLoop::connect() {
  ++stream_;
  state_ = StreamState::kCreated;
  link_up_ = false;
  deadline_ = Clock::now() + options_.connect_timeout;
  try {
    dealer_.emplace(context_, endpoint_, options_.keys, stream_);
    send(registration(options_.chaincode_id));
  } catch (const zmq::error_t& e) {
    end_stream(std::string("cannot connect: ") + e.what(), 0ms);
  }
}

void StreamLoop::wait() {
  const bool no_deadline = stopping_ || deadline_ == Clock::time_point::max();
  const auto timeout = no_deadline ? -1ms : transport::poll_timeout(deadline_ - Clock::now());
  if (!dealer_) {
    if (transport::wait_readable(outbound_.descriptor(), timeout)) outbound_.awake();
    return;
  }
  const auto wish = unsent_.empty() ? Dealer::Wish::kReceive : Dealer::Wish::kSend;
  const Dealer::News news = dealer_->wait(wish, outbound_.descriptor(), timeout);
  if (news.of_descriptor) outbound_.awake();
  if (news.of_link) check_link();
}

// Ends when nothing has arrived and nothing is left to run.
StreamThreads::Outcome StreamLoop::turn() {
  bool busy = true;
  while (busy) {
    busy = receive_burst();
    busy |= flush_unsent();
    const TransactionRunner::Turn outcome = runner_.run(caused_);
    if (outcome == TransactionRunner::Turn::kTaken) return StreamThreads::Outcome::kTaken;
    busy |= outcome == TransactionRunner::Turn::kMore;
    busy |= send_all();
    if (stopping_ && dealer_) end_stream("stopped", 0ms);
  }
  return StreamThreads::Outcome::kEnded;
}

void StreamLoop::check_link() {
  const Dealer::Link link = dealer_->link();
  // Messages that the peer sent before the loss are still handled.
  while (link == Dealer::Link::kLost && receive_burst()) {
  }
  if (!dealer_) return;
  if (const std::string_view why = curve::describe(dealer_->refusal()); !why.empty()) {
    end_refused(why);
  } else if (link == Dealer::Link::kLost) {
    end_stream(link_up_ ? "the connection was lost" : "the peer cannot be reached", 0ms);
  } else if (link == Dealer::Link::kUp && !link_up_) {
    link_up_ = true;
    if (state_ != StreamState::kReady) deadline_ = Clock::now() + options_.registration_timeout;
  }
}

void StreamLoop::check_deadline() {
  if (!dealer_ || Clock::now() < deadline_) return;
  end_stream(link_up_ ? "the peer has not answered the registration in time"
                      : "the peer cannot be reached in time",
             0ms);
}

bool StreamLoop::receive_burst() {
  for (int i = 0; i < kBurst; ++i) {
    if (!dealer_) return false;
    zmq::message_t frame;
    switch (dealer_->receive(frame)) {
      case Dealer::Received::kNothing: return false;
      case Dealer::Received::kSeveralFrames:
        end_stream("the peer sent a message of several frames", 0ms);
        return false;
      case Dealer::Received::kMessage: on_frame(std::move(frame));
    }
  }
  return true;
}

void StreamLoop::on_frame(zmq::message_t frame) {
  if (frame.size() == 0) return end_stream("the peer ended it", 0ms);
  const auto reply = view_message(frame.to_string_view());
  if (reply && state_ == StreamState::kReady && is_reply(reply->type))
    return on_message(stream_row(state_, reply->type), *reply);
  if (!inbound_.ParseFromArray(frame.data(), static_cast<int>(frame.size())))
    return end_stream("the peer sent bytes that are no ChaincodeMessage", 0ms);
  // KEEPALIVE is answered with the same message, in every state.
  if (inbound_.type() == ChaincodeMessage::KEEPALIVE) return send(std::move(frame));
  on_message(stream_row(state_, inbound_.type()),
             {inbound_.type(), inbound_.payload(), inbound_.txid(), inbound_.channel_id()});
}

void StreamLoop::on_message(const StreamRow& row, const MessageView& message) {
  const std::uint64_t stream = stream_;
  switch (row.action) {
    case StreamAction::kAwaitReady: break;
    case StreamAction::kServe: serve(message); break;
    case StreamAction::kRefused: return registration_refused(message.payload);
    case StreamAction::kRunTransaction: run_transaction(); break;
    case StreamAction::kDeliverReply: deliver_reply(message); break;
    case StreamAction::kViolation:
      return end_stream("the peer sent " + name_of(row.message) + ", which is not its turn", 0ms);
  }
  // If the action has ended the stream, the state belongs to the next stream.
  if (dealer_ && stream == stream_) state_ = row.to;
}

void StreamLoop::registration_refused(std::string_view reason) {
  const std::string text = "registration refused: " + std::string(reason);
  if (inbound_.chaincode_event().event_name() == kWrongEndpoint) {
    log("chaincode stream to " + endpoint_ + " ended: " + text);
    stop();
    end_stream(text, 0ms);
    if (options_.gave_up) options_.gave_up();
    return;
  }
  end_refused(text);
}

// A reason that stays the same is logged once.
void StreamLoop::end_refused(std::string_view reason) {
  const std::string text(reason);
  const bool is_known = std::exchange(refusal_, text) == text;
  end_stream(is_known ? std::string_view() : text, options_.refused_delay_min);
}

void StreamLoop::serve(const MessageView& ready) {
  protos::ChaincodeAdditionalParams offered;
  if (!offered.ParseFromArray(ready.payload.data(), static_cast<int>(ready.payload.size())))
    return end_stream("the peer's READY cannot be decoded", 0ms);
  deadline_ = Clock::time_point::max();
  backoff_.reset();
  refusal_.clear();
  readiness_.ready(std::move(offered));
}

void StreamLoop::run_transaction() {
  if (transactions_.size() >= options_.transactions_max) {
    ChaincodeMessage refusal;
    refusal.set_type(ChaincodeMessage::ERROR);
    refusal.set_payload("the chaincode is at its limit of " +
                        std::to_string(options_.transactions_max) + " transactions");
    refusal.set_txid(inbound_.txid());
    refusal.set_channel_id(inbound_.channel_id());
    return send(encode_message(refusal));
  }
  Transaction* const added =
      transactions_.add(runner_.make(stream_, std::move(inbound_), readiness_));
  inbound_.Clear();
  if (added == nullptr) return end_stream("the peer sent a transaction that runs already", 0ms);
  runner_.start(*added);
}

void StreamLoop::deliver_reply(const MessageView& reply) {
  Transaction* const asked = transactions_.find({reply.channel_id, reply.txid});
  if (asked == nullptr || !asked->deliver(reply.type, reply.payload))
    end_stream("the peer answered a request that nobody made", 0ms);
}

bool StreamLoop::send_all() {
  outbound_.take(queued_);
  const bool any = !queued_.empty() || !caused_.empty();
  send_each(queued_);
  send_each(caused_);
  return any;
}

void StreamLoop::send_each(std::vector<Outbound>& messages) {
  for (Outbound& outbound : messages) {
    const bool present = dealer_ && outbound.transaction->stream() == stream_;
    // Free the transaction's id before sending the answer: the peer may reuse it at once.
    if (outbound.finished) {
      runner_.ended(*outbound.transaction);
      transactions_.finish(*outbound.transaction);
    }
    if (present) send(std::move(outbound.message));
  }
  messages.clear();
}

void StreamLoop::send(zmq::message_t message) {
  if (unsent_.empty() && dealer_->send(message)) return;
  unsent_.push_back(std::move(message));
  // Each transaction has at most one message here, so the rest are unsent KEEPALIVE answers.
  if (unsent_.size() > 2 * options_.transactions_max)
    end_stream("the peer does not read what it is sent", 0ms);
}

bool StreamLoop::flush_unsent() {
  bool any = false;
  while (!unsent_.empty() && dealer_->send(unsent_.front())) {
    unsent_.pop_front();
    any = true;
  }
  return any;
}

void StreamLoop::end_stream(std::string_view reason, std::chrono::milliseconds delay_min) {
  readiness_.lost();
  transactions_.terminate_all();
  unsent_.clear();
  dealer_.reset();
  const auto delay = std::max(backoff_.next(), delay_min);
  deadline_ = Clock::now() + delay;
  if (stopping_ || reason.empty()) return;
  log("chaincode stream to " + endpoint_ + " ended: " + std::string(reason) +
      "; registering again in " + std::to_string(delay.count()) + " ms");
}

}  // namespace ccbus::shim
