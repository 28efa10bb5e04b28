#include "service/load/run/connection_churn.h"

#include <algorithm>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"

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
class ConnectionChurn::Visitor {
 public:
  enum class Step { kRegistering, kReady, kRefused, kGone };

  Visitor(zmq::context_t& context, const std::string& endpoint, SteadyTime intended,
          SteadyTime started)
      : intended_(intended), started_(started), socket_(context, zmq::socket_type::dealer) {
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

ConnectionChurn::ConnectionChurn(zmq::context_t& context, std::string endpoint,
                                 const WorkloadPlan& plan)
    : context_(context),
      endpoint_(std::move(endpoint)),
      plan_(plan),
      registration_(registration(plan.chaincode)),
      tally_({kNever, kNever}) {}

ConnectionChurn::~ConnectionChurn() = default;

void ConnectionChurn::add_descriptors(std::vector<pollfd>& descriptors) const {
  for (const auto& visitor : visitors_) descriptors.push_back({visitor->descriptor(), POLLIN, 0});
}

std::optional<SteadyTime> ConnectionChurn::next_deadline() const {
  std::optional<SteadyTime> next = arrivals_ ? arrivals_->next_deadline() : std::nullopt;
  if (!visitors_.empty()) next = earlier(next, visitors_.front()->deadline());
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
  const std::size_t before = visitors_.size();
  std::erase_if(visitors_, [this](const auto& visitor) { return is_over(*visitor); });
  return visitors_.size() != before;  // Slots have become free.
}

void ConnectionChurn::start_due(SteadyTime now) {
  if (arrivals_) arrivals_->collect(now);
  while (visitors_.size() < plan_.in_flight && now < tally_.window().until) {
    const auto intended = arrivals_ ? arrivals_->take(now) : std::optional(now);
    if (!intended) return;
    visitors_.push_back(std::make_unique<Visitor>(context_, endpoint_, *intended, now));
    visitors_.back()->send(registration_);
    bytes_sent_ += registration_.size();
    tally_.sent(now);
  }
}

// Handles all frames that a visitor has received. Returns true if it is finished.
bool ConnectionChurn::is_over(Visitor& visitor) {
  while (const auto step = visitor.receive(bytes_received_)) {
    if (*step == Visitor::Step::kReady) {
      end(visitor, Outcome::kSucceeded, "", "");
      visitor.send("");
    } else if (*step == Visitor::Step::kRefused) {
      end(visitor, Outcome::kFailed, "REFUSED", visitor.refusal());
    } else {
      end(visitor, Outcome::kFailed, "STREAM_ENDED", "the service ended the stream");
      return true;
    }
  }
  if (Clock::now() < visitor.deadline()) return false;
  end(visitor, Outcome::kFailed, "NOT_READY_IN_TIME", "not ready after 10 s");
  return true;
}

// Counts the end of a visitor's operation; later calls for the same visitor are ignored.
void ConnectionChurn::end(Visitor& visitor, Outcome outcome, const std::string& kind,
                          const std::string& message) {
  if (std::exchange(visitor.has_ended, true)) return;
  tally_.ended(visitor.intended(), Clock::now(), outcome, kind);
  if (outcome == Outcome::kFailed) examples_.try_emplace(kind, message);
}

}  // namespace ccbus::load
