#include "ccbus/client/events.h"

#include <algorithm>
#include <utility>

namespace ccbus::client {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The longest wait of one request: a service that has vanished is noticed after that time, even if
// the connection does not report it.
constexpr milliseconds kWaitMax{20'000};
constexpr milliseconds kWaitGrace{5'000};

// The pause before a failed request is repeated.
constexpr milliseconds kPause{100};

milliseconds left(Clock::time_point deadline) {
  return std::max(std::chrono::duration_cast<milliseconds>(deadline - Clock::now()),
                  milliseconds(0));
}

// Returns true if the error may be gone at the next attempt.
bool is_passing(const Error& error) {
  return error.origin == Origin::kConnection || error.code == UNAVAILABLE ||
         error.code == RESOURCE_EXHAUSTED;
}

ChaincodeEventsRequest question_of(std::string channel_id, std::string chaincode_name) {
  ChaincodeEventsRequest question;
  question.set_channel_id(std::move(channel_id));
  question.set_chaincode_name(std::move(chaincode_name));
  return question;
}

}  // namespace

ChaincodeEvents::ChaincodeEvents(Client& client, std::string channel_id, std::string chaincode_name,
                                 std::optional<Checkpoint> from)
    : ChaincodeEvents(client, question_of(std::move(channel_id), std::move(chaincode_name)),
                      std::move(from)) {}

ChaincodeEvents::ChaincodeEvents(Client& client, ChaincodeEventsRequest question,
                                 std::optional<Checkpoint> from)
    : client_(client),
      question_(std::move(question)),
      checkpoint_(from),
      position_(std::move(from)) {}

std::optional<ChaincodeEvent> ChaincodeEvents::next(milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  error_ = {};
  while (received_.empty()) {
    // Without a checkpoint, a first request that hardly waits determines the position. If it waited
    // and its answer were lost, the events until the next request would be lost too.
    ask(position_ ? std::clamp(left(deadline), milliseconds(1), kWaitMax) : milliseconds(1));
    if (!error_.ok() && !is_passing(error_)) return std::nullopt;
    if (received_.empty() && left(deadline) == milliseconds(0)) return std::nullopt;
    if (!error_.ok()) client_.idle(std::min(kPause, left(deadline)));
  }
  error_ = {};
  return take();
}

void ChaincodeEvents::ask(milliseconds wait) {
  ClientRequest request;
  ChaincodeEventsRequest& question = *request.mutable_chaincode_events();
  question = question_;
  question.set_wait_ms(static_cast<std::uint32_t>(wait.count()));
  if (position_) {
    question.mutable_from()->set_block_number(position_->block_number);
    question.mutable_from()->set_after_transaction_id(position_->transaction_id);
  }
  Reply reply = client_.call(std::move(request), wait + kWaitGrace);
  error_ = std::move(reply.error);
  if (!error_.ok()) return;
  auto& answer = *reply.response.mutable_chaincode_events();
  for (auto& block : *answer.mutable_blocks()) {
    for (auto& event : *block.mutable_events()) {
      received_.push_back({block.block_number(), std::move(event)});
    }
  }
  position_ = Checkpoint{answer.next().block_number(), answer.next().after_transaction_id()};
}

std::optional<ChaincodeEvent> ChaincodeEvents::take() {
  ChaincodeEvent event = std::move(received_.front());
  received_.pop_front();
  checkpoint_ = Checkpoint{event.block_number, event.event.tx_id()};
  return event;
}

}  // namespace ccbus::client
