#include "service/load/run/connection_churn.h"

#include <algorithm>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "service/load/run/connections.h"

namespace ccbus::load {
namespace {

using Clock = std::chrono::steady_clock;
using Message = protos::ChaincodeMessage;

// How long a connection may take to become ready before it counts as failed.
constexpr std::chrono::seconds kConnectPatience{10};

std::string registration(const std::string& name) {
  protos::ChaincodeID id;
  id.set_name(name);
  Message message;
  message.set_type(Message::REGISTER);
  message.set_payload(id.SerializeAsString());
  return message.SerializeAsString();
}

}  // namespace

// One chaincode from its connect to its close.
class ConnectionChurn::Attempt {
 public:
  enum class Step { kRegistering, kReady, kRefused, kGone };

  Attempt(zmq::context_t& context, const std::string& endpoint, const curve::Keys& keys,
          SteadyTime intended, SteadyTime started)
      : intended_(intended), started_(started), socket_(context, zmq::socket_type::dealer) {
    use_keys(socket_, keys);
    socket_.set(zmq::sockopt::linger, 0);
    socket_.connect(endpoint);
  }

  void send(const std::string& frame) {
    // The connection's pipe is new and has room, so this cannot fail.
    static_cast<void>(socket_.send(zmq::buffer(frame), zmq::send_flags::dontwait));
  }

  // Handles the next frame and returns the step it leads to; nullopt if there is no frame.
  std::optional<Step> receive(std::uint64_t& bytes) {
    zmq::message_t frame;
    while (socket_.recv(frame, zmq::recv_flags::dontwait)) {
      bytes += frame.size();
      if (frame.size() == 0) return Step::kGone;
      Message message;
      if (!message.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) continue;
      if (message.type() == Message::READY) return Step::kReady;
      if (message.type() == Message::ERROR) {
        refusal_ = message.payload();
        return Step::kRefused;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] int descriptor() const { return socket_.get(zmq::sockopt::fd); }
  [[nodiscard]] SteadyTime intended() const { return intended_; }
  [[nodiscard]] SteadyTime deadline() const { return started_ + kConnectPatience; }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

  bool has_ended = false;  // The operation has ended; the connection may still have to be closed.

 private:
  const SteadyTime intended_;
  const SteadyTime started_;
  zmq::socket_t socket_;
  std::string refusal_;
};

ConnectionChurn::ConnectionChurn(zmq::context_t& context, std::string endpoint, curve::Keys keys,
                                 const WorkloadPlan& plan)
    : context_(context),
      endpoint_(std::move(endpoint)),
      keys_(std::move(keys)),
      plan_(plan),
      registration_(registration(plan.chaincode)),
      tally_({kNever, kNever}) {}

ConnectionChurn::~ConnectionChurn() = default;

void ConnectionChurn::add_descriptors(std::vector<pollfd>& descriptors) const {
  for (const auto& attempt : attempts_) descriptors.push_back({attempt->descriptor(), POLLIN, 0});
}

std::optional<SteadyTime> ConnectionChurn::next_deadline() const {
  std::optional<SteadyTime> next = arrivals_ ? arrivals_->next_deadline() : std::nullopt;
  if (!attempts_.empty()) next = earlier(next, attempts_.front()->deadline());
  return next;
}

void ConnectionChurn::begin(const Window& window) {
  tally_ = OutcomeTally(window);
  is_begun_ = true;
  if (plan_.is_open_loop()) arrivals_.emplace(plan_.rate, plan_.seed, Clock::now(), window);
}

void ConnectionChurn::shorten(SteadyTime until) {
  tally_.shorten(until);
  if (arrivals_) arrivals_->shorten(tally_.window().until);
}

bool ConnectionChurn::turn() {
  if (!is_begun_) return false;
  start_due(Clock::now());
  const std::size_t before = attempts_.size();
  std::erase_if(attempts_, [this](const auto& attempt) { return is_over(*attempt); });
  return attempts_.size() != before;  // Slots have become free.
}

void ConnectionChurn::start_due(SteadyTime now) {
  if (arrivals_) arrivals_->collect(now);
  while (attempts_.size() < plan_.in_flight && now < tally_.window().until) {
    const auto intended = arrivals_ ? arrivals_->take(now) : std::optional(now);
    if (!intended) return;
    attempts_.push_back(std::make_unique<Attempt>(context_, endpoint_, keys_, *intended, now));
    attempts_.back()->send(registration_);
    bytes_sent_ += registration_.size();
    tally_.sent(now);
  }
}

// Handles all frames that an attempt has received. Returns true if it is finished.
bool ConnectionChurn::is_over(Attempt& attempt) {
  while (const auto step = attempt.receive(bytes_received_)) {
    if (*step == Attempt::Step::kReady) {
      end(attempt, Outcome::kSucceeded, "", "");
      attempt.send("");
    } else if (*step == Attempt::Step::kRefused) {
      end(attempt, Outcome::kFailed, "REFUSED", attempt.refusal());
    } else {
      end(attempt, Outcome::kFailed, "STREAM_ENDED", "the service ended the stream");
      return true;
    }
  }
  if (Clock::now() < attempt.deadline()) return false;
  end(attempt, Outcome::kFailed, "NOT_READY_IN_TIME", "not ready after 10 s");
  return true;
}

// Counts the end of an attempt's operation; later calls for the same attempt are ignored.
void ConnectionChurn::end(Attempt& attempt, Outcome outcome, const std::string& kind,
                          const std::string& message) {
  if (std::exchange(attempt.has_ended, true)) return;
  tally_.ended(attempt.intended(), Clock::now(), outcome, kind);
  if (outcome == Outcome::kFailed) examples_.try_emplace(kind, message);
}

}  // namespace ccbus::load
