#include "service/load/run/load_run.h"

#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "service/load/result/response_outcome.h"
#include "service/load/run/descriptor_limit.h"
#include "service/load/run/reachable_endpoint.h"

namespace ccbus::load {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLookInterval = 100ms;
constexpr std::size_t kLoadsAtOnce = 16;
// An early end is set a little in the future, so that every process learns of it in time.
constexpr auto kEarlyEnd = 100ms;

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::int64_t unix_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void require(const Result<void>& result) {
  if (!result) throw RunFailed(result.error());
}

}  // namespace

LoadRun::LoadRun(const WorkloadPlan& plan, const RunOptions& options, EmbeddedService* service,
                 Interrupt& interrupt, RunObserver& observer)
    : plan_(plan),
      options_(options),
      service_(service),
      interrupt_(interrupt),
      observer_(observer) {
  result_.plan = plan_;
  result_.plan.sdk = plan_.uses_sdk() ? "cpp" : "none";  // What "auto" has come to.
  result_.started_unix_ms = unix_milliseconds();
  result_.cores = std::thread::hardware_concurrency();
}

LoadResult LoadRun::execute() {
  const SteadyTime start = Clock::now();
  const bool connects = plan_.mode == Mode::kConnect;
  // In kConnect each connection has its own socket, for which libzmq needs three descriptors.
  // Connections that share a socket need one each.
  const std::uint64_t connections =
      plan_.clients + (connects ? std::uint64_t{plan_.in_flight} * 3 : 0);
  require(reserve_descriptors(std::to_string(connects ? plan_.in_flight : plan_.clients) +
                                  (connects ? " connections at once" : " clients"),
                              connections, connects ? "lower --in-flight" : "lower --clients"));
  if (connects) {
    context_.set(zmq::ctxopt::max_sockets, static_cast<int>(plan_.in_flight * 2 + 1'024));
  }
  find_service();
  connect();
  make_channels();
  start_dealers();
  write_keys();
  result_.setup_seconds = seconds_since(start);
  before_ = status();
  measure();
  drain();
  conclude();
  stop();
  return std::move(result_);
}

void LoadRun::find_service() {
  client_endpoint_ = options_.client_address;
  if (service_ == nullptr) return;
  client_endpoint_ = service_->client_endpoint();
  const std::uint64_t connections = plan_.dealers + plan_.clients;
  if (connections > service_->connections_max()) {
    throw RunFailed(
        {ErrorCode::kExhausted, std::to_string(plan_.dealers) + " dealers and " +
                                    std::to_string(plan_.clients) +
                                    " clients are more connections than the service can hold: " +
                                    std::to_string(service_->connections_max()) +
                                    ", by its descriptor limit (ulimit -n) and limits.peers"});
  }
}

void LoadRun::connect() {
  auto requests = RequestFactory::make(
      plan_, std::to_string(result_.started_unix_ms) + "-" + std::to_string(getpid()));
  if (!requests) throw RunFailed(requests.error());
  requests_.emplace(std::move(*requests));
  keys_ = curve::read_keys(options_.key, options_.server_key);
  generator_.emplace(context_, client_endpoint_, keys_, plan_, *requests_, options_.identity);
  std::vector<EventSource*> sources = {&interrupt_, &*generator_};
  if (service_ != nullptr) sources.push_back(service_);
  turns_.emplace(sources);
  before_ = status();
  result_.version = before_.version();
  result_.durability = before_.durability();
}

void LoadRun::make_channels() {
  for (const std::string& channel : plan_.channel_ids()) {
    const bool is_there = std::ranges::any_of(before_.channels(), [&](const ChannelStatus& known) {
      return known.channel_id() == channel;
    });
    if (is_there) continue;
    ClientRequest request;
    request.mutable_channel()->set_channel_id(channel);
    request.mutable_channel()->mutable_create();
    static_cast<void>(call(std::move(request), "channel '" + channel + "'"));
  }
}

std::string LoadRun::chaincode_endpoint() const {
  if (!options_.chaincode_address.empty()) return options_.chaincode_address;
  return reachable_endpoint(before_.chaincode_endpoint(), client_endpoint_);
}

void LoadRun::start_dealers() {
  std::vector<EventSource*> sources = {&interrupt_, &*generator_};
  if (service_ != nullptr) sources.push_back(service_);
  if (plan_.mode == Mode::kConnect) {
    churn_.emplace(context_, chaincode_endpoint(), keys_, plan_);
    sources.push_back(&*churn_);
  } else if (plan_.is_built_in()) {
    const std::uint32_t processes = plan_.chaincode_processes;
    const std::uint64_t of_one = (plan_.dealers + processes - 1) / processes;
    require(reserve_descriptors(std::to_string(of_one) + " dealers in one process", of_one,
                                "spread them with --chaincode-processes"));
    dealers_.emplace(
        options_.dealer_program,
        DealerPool::Options{chaincode_endpoint(), plan_.chaincode, plan_.dealers, processes,
                            plan_.uses_sdk(), options_.key, options_.server_key});
    sources.push_back(&*dealers_);
  }
  turns_.emplace(sources);
  if (!dealers_) return;
  wait_for(
      "the dealers to register", [this] { return dealers_->is_ready(); },
      [this] { return progress(Phase::kRegistering, dealers_->registered(), plan_.dealers); });
}

void LoadRun::write_keys() {
  const std::vector<ClientRequest> all = requests_->setup();
  std::size_t begun = 0;
  std::size_t written = 0;
  std::string failure;
  const auto on_answer = [&](const ClientResponse& response) {
    ++written;
    if (response.status().code() != OK) failure = reason_of(response.status());
  };
  wait_for(
      "the keys to be written",
      [&] {
        if (!failure.empty()) {
          throw RunFailed({ErrorCode::kIo, "cannot write the keys before the run: " + failure});
        }
        while (begun < all.size() && begun - written < kLoadsAtOnce) {
          generator_->ask(all[begun++], on_answer);
        }
        return written == all.size();
      },
      [&] { return progress(Phase::kLoading, written, all.size()); });
}

void LoadRun::measure() {
  const SteadyTime begin = Clock::now();
  window_ = {begin + plan_.warmup, begin + plan_.warmup + plan_.duration};
  if (dealers_) dealers_->measure(window_, plan_.churn);
  churn_ ? churn_->begin(window_) : generator_->begin(window_);

  const auto milliseconds = [](auto duration) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
  };
  const auto warming_up = [&] {
    return progress(Phase::kWarmingUp, milliseconds(Clock::now() - begin),
                    milliseconds(plan_.warmup));
  };
  const auto measuring = [&] {
    return progress(Phase::kMeasuring, milliseconds(Clock::now() - window_.from),
                    milliseconds(window_.until - window_.from));
  };
  while (Clock::now() < window_.from && !interrupt_.has_come()) {
    take_turn(window_.from, warming_up);
  }
  if (interrupt_.has_come()) {
    throw RunFailed({ErrorCode::kPrecondition, "interrupted before anything was measured"});
  }
  take_mark(from_);
  trend_samples_.emplace(service_ != nullptr ? std::vector{service_->pid()} : std::vector<pid_t>());
  trend_samples_->take(window_.from);
  while (Clock::now() < window_.until) {
    if (interrupt_.has_come() && !result_.was_interrupted) end_early();
    take_turn(std::min(window_.until, trend_samples_->next()), measuring);
    if (const SteadyTime now = Clock::now(); now >= trend_samples_->next()) {
      trend_samples_->take(now);
    }
  }
  take_mark(until_);
}

void LoadRun::end_early() {
  result_.was_interrupted = true;
  window_.until = std::min(window_.until, Clock::now() + kEarlyEnd);
  generator_->shorten(window_.until);
  if (churn_) churn_->shorten(window_.until);
  if (dealers_) dealers_->end(window_.until);
}

void LoadRun::take_mark(Mark& mark) {
  mark.machine = sample_machine();
  mark.generator = sample_processes({getpid()});
  if (dealers_) mark.chaincode = sample_processes(dealers_->pids());
  if (service_ != nullptr) mark.service = sample_processes({service_->pid()});
  mark.bytes_sent = churn_ ? churn_->bytes_sent() : generator_->bytes_sent();
  mark.bytes_received = churn_ ? churn_->bytes_received() : generator_->bytes_received();
  ClientRequest request;
  request.mutable_status();
  generator_->ask(std::move(request), [&mark](const ClientResponse& response) {
    mark.status = response.service_status();
  });
}

void LoadRun::drain() {
  const SteadyTime start = Clock::now();
  const std::uint64_t all = open();
  const auto draining = [&] {
    return progress(Phase::kDraining, all - std::min(all, open()), all);
  };
  const SteadyTime deadline = start + options_.patience;
  const auto is_over = [this] { return open() == 0 && generator_->unanswered() == 0; };
  while (!is_over() && Clock::now() < deadline) take_turn(deadline, draining);
  result_.drain_seconds = seconds_since(start);
  after_ = status();
  if (!dealers_) return;
  dealers_->ask_for_report();
  wait_for(
      "the dealers' report", [this] { return dealers_->report().has_value(); }, draining);
  report_ = dealers_->report();
}

const OutcomeTally& LoadRun::tally() const {
  return churn_ ? churn_->tally() : generator_->tally();
}

std::uint64_t LoadRun::open() const {
  return churn_ ? churn_->open() : generator_->open();
}

StatusResponse LoadRun::status() {
  ClientRequest request;
  request.mutable_status();
  return call(std::move(request), "the service's status").service_status();
}

ClientResponse LoadRun::call(ClientRequest request, const std::string& what) {
  // Shared with the callback, which may be called after this function has given up.
  const auto slot = std::make_shared<std::optional<ClientResponse>>();
  generator_->ask(std::move(request), [slot](const ClientResponse& response) { *slot = response; });
  wait_for(
      what, [slot] { return slot->has_value(); },
      [this] { return progress(Phase::kStarting, 0, 0); });
  ClientResponse& response = **slot;
  if (response.status().code() != OK) {
    throw RunFailed({ErrorCode::kIo, what + ": " + reason_of(response.status())});
  }
  return std::move(response);
}

void LoadRun::wait_for(const std::string& what, const std::function<bool()>& is_done,
                       const std::function<Progress()>& progress) {
  // Until the service has answered for the first time, give up after a few seconds.
  const auto patience =
      before_.version().empty() ? std::min(options_.patience, 5'000ms) : options_.patience;
  SteadyTime deadline = Clock::now() + patience;
  std::uint64_t last_done = 0;
  while (!is_done()) {
    if (const std::uint64_t done = progress().done; done != last_done) {
      last_done = done;
      deadline = Clock::now() + patience;
    }
    if (interrupt_.has_come() && !result_.was_interrupted) {
      throw RunFailed({ErrorCode::kPrecondition, "interrupted while waiting for " + what});
    }
    if (Clock::now() >= deadline) {
      throw RunFailed({ErrorCode::kPeerGone, "waited " + std::to_string(patience / 1s) + " s for " +
                                                 what + ", from " + client_endpoint_});
    }
    take_turn(deadline, progress);
  }
}

void LoadRun::take_turn(SteadyTime until, const std::function<Progress()>& progress) {
  const SteadyTime now = Clock::now();
  if (now >= next_look_) {
    next_look_ = now + kLookInterval;
    observer_.on_progress(progress());
  }
  turns_->take(std::min(until, next_look_));
}

Progress LoadRun::progress(Phase phase, std::uint64_t done, std::uint64_t total) const {
  Progress progress{phase, std::min(done, total), total, 0, 0, 0, {}, {}, 0};
  if (phase != Phase::kMeasuring) return progress;
  const Totals& measured = tally().measured();
  const bool by_dealers = plan_.mode == Mode::kHandler;
  progress.succeeded = by_dealers ? dealers_->round_trips() : measured.succeeded;
  progress.conflicts = measured.conflicts();
  progress.failures = measured.failed();
  if (!by_dealers) {
    progress.p50 = tally().latency().quantile(0.5);
    progress.p99 = tally().latency().quantile(0.99);
  }
  if (done != 0) {
    progress.per_second =
        static_cast<double>(progress.succeeded) * 1'000 / static_cast<double>(done);
  }
  return progress;
}

}  // namespace ccbus::load
