#include "service/load/run/dealer_process.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "service/load/plan/arrival_schedule.h"
#include "service/load/result/outcome_tally.h"
#include "service/load/run/connections.h"
#include "service/load/run/dealer_messages.h"
#include "service/load/run/descriptor_limit.h"
#include "service/load/run/event_source.h"
#include "service/load/run/line_reader.h"
#include "service/load/run/run_failed.h"
#include "service/load/run/sdk_dealers.h"
#include "service/load/run/workload_chaincode.h"

namespace ccbus::load {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Connections that are opened at the same time. The service's listen queue has room for about a
// hundred; a connection that finds it full is retried only after a second.
constexpr std::uint32_t kRegisteringMax = 48;
constexpr auto kProgressInterval = 200ms;
constexpr auto kLookInterval = 100ms;  // How often lost connections are looked for.

// A transaction in its think time, ordered by the time at which it is to be woken.
struct Sleeper {
  std::uint32_t dealer;
  std::string tx_id;
};
using Sleepers = std::multimap<SteadyTime, Sleeper>;

class Dealer final : public DealerOutbox {
 public:
  Dealer(Connections& connections, Sleepers& sleepers, const std::string& name)
      : connections_(connections),
        sleepers_(sleepers),
        number_(connections.open()),
        chaincode_(name, *this) {}

  void send(const protos::ChaincodeMessage& message) override {
    connections_.send(number_, message);
  }
  void send_end() override { connections_.send_empty(number_); }
  void wake_at(SteadyTime time, const std::string& tx_id) override {
    sleepers_.emplace(time, Sleeper{number_, tx_id});
  }
  [[nodiscard]] WorkloadChaincode& chaincode() { return chaincode_; }

 private:
  Connections& connections_;
  Sleepers& sleepers_;
  const std::uint32_t number_;
  WorkloadChaincode chaincode_;
};

class DealerProcess final : public EventSource {
 public:
  explicit DealerProcess(const DealerOptions& options)
      : options_(options),
        connections_(context_, options.endpoint, curve::read_keys(options.key, options.server_key),
                     "dealers"),
        commands_(STDIN_FILENO),
        round_trips_({SteadyTime::max(), SteadyTime::max()}) {}

  void run() {
    Turns turns({this});
    while (!commands_.is_at_end()) turns.take(Clock::now() + 1h);
  }

  void add_descriptors(std::vector<pollfd>& descriptors) const override {
    descriptors.push_back({connections_.descriptor(), POLLIN, 0});
    descriptors.push_back({commands_.descriptor(), POLLIN, 0});
  }

  std::optional<SteadyTime> next_deadline() const override {
    auto next = next_progress_;
    if (churn_) next = earlier(next, churn_->next());
    if (!sleepers_.empty()) next = earlier(next, sleepers_.begin()->first);
    return earlier(earlier(next, next_mark_), next_look_);
  }

  void on_readable() override { hear_commands(); }

  bool turn() override {
    const SteadyTime now = Clock::now();
    register_more();
    wake(now);
    if (churn_ && churn_->next() <= now) churn(now);
    if (next_mark_ && *next_mark_ <= now) mark(now);
    if (next_progress_ && *next_progress_ <= now) report_progress(now);
    if (next_look_ <= now) look_for_lost_connections(now);
    return receive();
  }

 private:
  void look_for_lost_connections(SteadyTime now) {
    next_look_ = now + kLookInterval;
    if (const auto lost = connections_.lost(); lost != 0) {
      throw RunFailed({ErrorCode::kPeerGone, "the service closed " + std::to_string(lost) + " of " +
                                                 std::to_string(dealers_.size()) +
                                                 " connections of dealers"});
    }
  }

  void wake(SteadyTime now) {
    while (!sleepers_.empty() && sleepers_.begin()->first <= now) {
      const auto sleeper = std::move(sleepers_.extract(sleepers_.begin()).mapped());
      dealers_.at(sleeper.dealer)->chaincode().on_wake(now, sleeper.tx_id, round_trips_);
    }
  }

  bool receive() {
    for (int i = 0; i < kFramesPerTurn; ++i) {
      const auto received = connections_.receive();
      if (!received) return false;
      handle(*received);
    }
    return true;
  }

  // The clock is read for each frame, since a round trip can be as short as a turn of the loop.
  void handle(const Connections::Received& received) {
    WorkloadChaincode& chaincode = dealers_.at(received.connection)->chaincode();
    switch (chaincode.on_frame(Clock::now(), received.frame, round_trips_)) {
      case WorkloadChaincode::Reception::kNothing: return;
      case WorkloadChaincode::Reception::kReady: return on_ready();
      case WorkloadChaincode::Reception::kRefused:
        throw RunFailed(
            {ErrorCode::kPrecondition,
             "the service refused to register '" + options_.name + "': " + chaincode.refusal()});
      case WorkloadChaincode::Reception::kEnded:
        throw RunFailed({ErrorCode::kPeerGone, "the service ended the stream of dealer " +
                                                   std::to_string(received.connection + 1)});
    }
  }

  void on_ready() {
    ++registrations_;
    if (is_ready_) return;  // A dealer that has registered again.
    register_more();
    if (registrations_ < options_.dealers) return;
    is_ready_ = true;
    next_progress_.reset();
    write_ready();
  }

  void register_more() {
    if (!next_progress_ && dealers_.empty()) next_progress_ = Clock::now() + kProgressInterval;
    while (dealers_.size() < options_.dealers &&
           dealers_.size() - registrations_ < kRegisteringMax) {
      dealers_.push_back(std::make_unique<Dealer>(connections_, sleepers_, options_.name));
      dealers_.back()->chaincode().send_register();
    }
  }

  void hear_commands() {
    while (const auto line = commands_.next()) {
      std::visit([this](const auto& command) { obey(command); }, parse_command(*line));
    }
  }

  void obey(const MeasureCommand& command) {
    round_trips_ = OutcomeTally(command.window);
    registrations_ = 0;
    next_mark_ = command.window.from;
    next_progress_ = Clock::now() + kProgressInterval;
    if (command.churn > 0) churn_.emplace(command.churn, 1, Clock::now());
  }

  void obey(const EndCommand& command) {
    const SteadyTime until = command.until;
    round_trips_.shorten(until);
    if (next_mark_) mark(std::max(until, *next_mark_));
    churn_.reset();
  }

  // Records the bytes at the beginning and at the end of the measured time.
  void mark(SteadyTime now) {
    const Window& window = round_trips_.window();
    if (!first_mark_) {
      first_mark_ = {connections_.bytes_sent(), connections_.bytes_received()};
      next_mark_ = window.until;
      if (now < window.until) return;
    }
    bytes_sent_ = connections_.bytes_sent() - first_mark_->first;
    bytes_received_ = connections_.bytes_received() - first_mark_->second;
    next_mark_.reset();
    next_progress_.reset();
    churn_.reset();
  }

  // A dealer with open transactions stays connected; an idle one leaves instead.
  void churn(SteadyTime now) {
    while (churn_->next() <= now) {
      churn_->take();
      for (std::size_t tried = 0; tried < dealers_.size(); ++tried) {
        WorkloadChaincode& next = dealers_[next_to_leave_++ % dealers_.size()]->chaincode();
        if (!next.is_idle()) continue;
        next.leave_and_return();
        break;
      }
    }
  }

  void report_progress(SteadyTime now) {
    next_progress_ = now + kProgressInterval;
    is_ready_ ? write_progress(round_trips_.measured().succeeded)
              : write_registered(registrations_);
  }

  void obey(const ReportCommand&) {
    write_report(round_trips_, {bytes_sent_, bytes_received_, registrations_});
  }

  const DealerOptions options_;
  zmq::context_t context_;
  Connections connections_;
  LineReader commands_;
  Sleepers sleepers_;
  std::vector<std::unique_ptr<Dealer>> dealers_;
  std::uint64_t registrations_ = 0;  // First ones; once all are ready, only repeated ones.
  bool is_ready_ = false;

  OutcomeTally round_trips_;
  std::optional<ArrivalSchedule> churn_;
  std::size_t next_to_leave_ = 0;
  SteadyTime next_look_;
  std::optional<SteadyTime> next_progress_;
  std::optional<SteadyTime> next_mark_;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> first_mark_;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace

int run_dealers(const DealerOptions& options) {
  const auto failed = [](const char* message, bool is_peer_gone) {
    write_failed(message, is_peer_gone);
    return 1;
  };
  try {
    const auto room =
        reserve_descriptors(std::to_string(options.dealers) + " dealers in one process",
                            options.dealers, "spread them with --chaincode-processes");
    if (!room) throw RunFailed(room.error());
    if (options.on_sdk) {
      SdkDealers(options).run();
    } else {
      DealerProcess(options).run();
    }
    return 0;
  } catch (const RunFailed& failure) {
    return failed(failure.what(), failure.error().code == ErrorCode::kPeerGone);
  } catch (const std::exception& failure) {
    return failed(failure.what(), false);
  }
}

}  // namespace ccbus::load
