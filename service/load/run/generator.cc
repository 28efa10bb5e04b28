#include "service/load/run/generator.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "service/load/result/response_outcome.h"
#include "service/load/run/run_failed.h"

namespace ccbus::load {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSendsPerTurn = 256;

// Above the correlation ids of all slots, which hold a round in the upper half and a slot in the
// lower.
constexpr std::uint64_t kFirstQuestion = std::uint64_t{1} << 63;

constexpr std::uint32_t kRoundMask = 0x7fff'ffff;

}  // namespace

Generator::Generator(zmq::context_t& context, const std::string& endpoint, const curve::Keys& keys,
                     const WorkloadPlan& plan, RequestFactory& requests,
                     const std::optional<client::Identity>& identity)
    : plan_(plan),
      requests_(requests),
      signer_(identity ? std::optional<RequestSigner>(*identity) : std::nullopt),
      connections_(context, endpoint, keys, "clients"),
      slots_(plan.mode == Mode::kConnect ? 0 : plan.in_flight_total()),
      tally_({kNever, kNever}),
      invokes_(tally_),
      queries_(tally_),
      next_question_(kFirstQuestion) {
  for (std::uint32_t i = 0; i < plan.clients; ++i) connections_.open();
  for (std::size_t i = slots_.size(); i > 0; --i) {
    free_.push_back(static_cast<std::uint32_t>(i - 1));
  }
}

void Generator::add_descriptors(std::vector<pollfd>& descriptors) const {
  descriptors.push_back({connections_.descriptor(), POLLIN, 0});
}

std::optional<SteadyTime> Generator::next_deadline() const {
  return earlier(next_check_, arrivals_ ? arrivals_->next_deadline() : std::nullopt);
}

bool Generator::turn() {
  const SteadyTime now = Clock::now();
  if (now >= next_check_) check_connections(now);
  bool has_more = send_due(now);
  for (int i = 0; i < kFramesPerTurn; ++i) {
    const auto received = connections_.receive();
    if (!received) return has_more;
    receive_one(*received);
  }
  return true;
}

void Generator::check_connections(SteadyTime now) {
  constexpr std::chrono::milliseconds kInterval{100};
  next_check_ = now + kInterval;
  if (const auto lost = connections_.lost(); lost != 0) {
    throw RunFailed({ErrorCode::kPeerGone, "the service closed " + std::to_string(lost) + " of " +
                                               std::to_string(connections_.size()) +
                                               " connections of clients"});
  }
}

void Generator::ask(ClientRequest request, AnswerTo answer_to) {
  request.set_correlation_id(next_question_);
  asked_.emplace(next_question_++, std::move(answer_to));
  if (signer_) signer_->sign(request);
  connections_.send(0, request);
}

void Generator::begin(const Window& window) {
  tally_ = invokes_ = queries_ = OutcomeTally(window);
  const SteadyTime now = Clock::now();
  if (plan_.is_open_loop()) {
    arrivals_.emplace(plan_.rate, plan_.seed, now, window);
  } else {
    for (const std::uint32_t slot : std::exchange(free_, {})) send(slot, now, now);
  }
}

void Generator::shorten(SteadyTime until) {
  for (OutcomeTally* tally : {&tally_, &invokes_, &queries_}) tally->shorten(until);
  if (arrivals_) arrivals_->shorten(tally_.window().until);
}

void Generator::receive_one(const Connections::Received& received) {
  const SteadyTime now = Clock::now();
  if (!response_.ParseFromArray(received.frame.data(), static_cast<int>(received.frame.size()))) {
    throw std::runtime_error("an answer of the service cannot be decoded");
  }
  if (goes_on(received.connection)) return;
  const std::uint64_t id = response_.correlation_id();
  if (id < kFirstQuestion) return on_answer(now);
  auto question = asked_.extract(id);
  if (!question.empty()) question.mapped()(response_);
}

bool Generator::goes_on(std::uint32_t connection) {
  if (!signer_) return false;
  const auto submit = signer_->submit_of(response_);
  if (!submit) return false;
  connections_.send(connection, *submit);
  if (submit->correlation_id() < kFirstQuestion) ++continued_;
  return true;
}

void Generator::on_answer(SteadyTime now) {
  const std::uint64_t id = response_.correlation_id();
  const auto number = static_cast<std::uint32_t>(id);
  if (number >= slots_.size() || slots_[number].round != id >> 32) {
    throw std::runtime_error("an answer to no request: correlation id " + std::to_string(id));
  }
  Slot& slot = slots_[number];
  const auto [outcome, kind] =
      outcome_of(response_, plan_.churn > 0 ? Churn::kDealersLeave : Churn::kNone);
  tally_.ended(slot.intended, now, outcome, kind);
  (slot.is_query ? queries_ : invokes_).ended(slot.intended, now, outcome, kind);
  slot.round = (slot.round + 1) & kRoundMask;
  if (outcome == Outcome::kFailed) examples_.try_emplace(kind, reason_of(response_.status()));
  if (now >= tally_.window().until || plan_.is_open_loop()) {
    free_.push_back(number);
    if (plan_.is_open_loop()) static_cast<void>(send_due(now));
  } else {
    send(number, now, now);
  }
}

bool Generator::send_due(SteadyTime now) {
  if (!arrivals_) return false;
  arrivals_->collect(now);
  for (int i = 0; i < kSendsPerTurn; ++i) {
    if (free_.empty()) return false;
    const auto intended = arrivals_->take(now);
    if (!intended) return false;
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    send(slot, *intended, now);
  }
  return true;
}

void Generator::send(std::uint32_t number, SteadyTime intended, SteadyTime now) {
  Slot& slot = slots_[number];
  slot.intended = intended;
  slot.is_query = requests_.next(request_);
  if (signer_) signer_->sign(request_);
  request_.set_correlation_id(std::uint64_t{slot.round} << 32 | number);
  connections_.send(number % plan_.clients, request_);
  tally_.sent(now);
  (slot.is_query ? queries_ : invokes_).sent(now);
}

}  // namespace ccbus::load
