#include "service/assembly/watched_service.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <utility>

#include "service/assembly/collected_metrics.h"
#include "service/assembly/free_space.h"
#include "service/base/job.h"

namespace ccbus {
namespace {

using operations::Exposition;
using operations::FailedCheck;

constexpr std::chrono::milliseconds kBusPatience{1000};

std::string milliseconds_text(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) +
         " ms";
}

void check_committer(const CommitterMetrics& metrics, const Limits& limits,
                     std::vector<FailedCheck>& failed) {
  const std::string component = "committer." + metrics.channel.value;
  if (metrics.failed) {
    failed.push_back({component, "a block could not be committed; the service stops"});
  }
  if (!metrics.halted.empty()) {
    failed.push_back({component, "its log is read no further: " + metrics.halted});
  }
  if (metrics.log && metrics.halted.empty() && !metrics.log->fault.empty()) {
    failed.push_back({component, "its log is out of reach: " + metrics.log->fault});
  }
  if (!metrics.closed.empty()) {
    failed.push_back(
        {component, "its ledger is closed until it can be opened again: " + metrics.closed});
  }
  if (metrics.committing && *metrics.committing > limits.commit_stall) {
    failed.push_back(
        {component, "block " + std::to_string(metrics.height) + " has been under way for " +
                        milliseconds_text(*metrics.committing) + ", limit " +
                        milliseconds_text(limits.commit_stall) + " (limits.commitStall)"});
  }
  if (metrics.waiting >= limits.ordering_queue_max) {
    failed.push_back(
        {component, std::to_string(metrics.waiting) + " transactions wait for a block, limit " +
                        std::to_string(limits.ordering_queue_max) + " (orderer.queue)"});
  }
}

void check_storage(const CommitterMetrics& metrics, std::vector<FailedCheck>& failed) {
  const std::string component = "ledger." + metrics.channel.value;
  if (metrics.storage.background_errors != 0) {
    failed.push_back({component, std::to_string(metrics.storage.background_errors) +
                                     " errors while RocksDB flushed or compacted"});
  }
  if (metrics.storage.write_stopped) {
    failed.push_back({component, "RocksDB takes no writes until compaction has caught up: " +
                                     std::to_string(metrics.storage.compaction_pending_bytes) +
                                     " bytes are pending"});
  }
}

void check_endpoint(const bus::RouterEndpoint& endpoint, std::vector<FailedCheck>& failed) {
  if (!endpoint.is_full()) return;
  failed.push_back({"connections." + endpoint.name(),
                    "it has as many connections as it may, and ends further ones (limits.peers, "
                    "ulimit -n, LimitNOFILE=)"});
}

void check_disk(const std::filesystem::path& directory, const Limits& limits,
                std::vector<FailedCheck>& failed) {
  if (access(directory.c_str(), W_OK) != 0) {
    failed.push_back({"disk", directory.string() + " is not writable: " + std::strerror(errno)});
  }
  const auto free = free_bytes(directory);
  if (!free) {
    failed.push_back({"disk", free.error().message});
  } else if (*free < limits.disk_free_bytes_min) {
    failed.push_back({"disk", describe_low_space(directory, *free, limits.disk_free_bytes_min)});
  }
}

}  // namespace

Result<void> WatchedService::ask_bus(std::function<void(Now)> question) {
  if (stopping_.load(std::memory_order_relaxed)) {
    return fail(ErrorCode::kPrecondition, "the service is stopping");
  }
  // The job owns what it touches: this thread may have given up by then.
  auto promise = std::make_shared<std::promise<bool>>();
  auto answered = promise->get_future();
  auto job = make_job([] {},
                      [question = std::move(question), promise](Now now) {
                        question(now);
                        promise->set_value(true);
                      },
                      [promise] { promise->set_value(false); });
  if (!send_to_bus(std::make_unique<BusEvent>(std::move(job)))) {
    return fail(ErrorCode::kDeadline,
                "the next-state pipe is full: " + std::to_string(with_.pipe.under_way()) +
                    " events wait for the bus thread");
  }
  if (answered.wait_for(kBusPatience) != std::future_status::ready) {
    return fail(ErrorCode::kDeadline,
                "the bus thread has not answered for " + milliseconds_text(kBusPatience) + "; " +
                    std::to_string(with_.pipe.under_way()) + " events are on their way to it");
  }
  if (!answered.get()) return fail(ErrorCode::kPrecondition, "the service is stopping");
  return {};
}

bool WatchedService::send_to_bus(std::unique_ptr<BusEvent> event) {
  const MutexLock lock(mutex_);
  if (!sender_) sender_.emplace(with_.pipe.open_sender());
  return sender_->try_send(std::move(event));
}

std::vector<FailedCheck> WatchedService::failed_checks() {
  std::vector<FailedCheck> failed;
  if (stopping_.load(std::memory_order_relaxed)) {
    failed.push_back({"shutdown", "the service is stopping"});
  } else if (auto answered = ask_bus([](Now) {}); !answered) {
    failed.push_back({"bus", answered.error().message});
  }
  for (const CommitterMetrics& metrics : with_.channels.metrics()) {
    check_committer(metrics, with_.config.limits, failed);
    check_storage(metrics, failed);
  }
  for (const bus::RouterEndpoint* endpoint : with_.endpoints) check_endpoint(*endpoint, failed);
  if (with_.config.ledger_directory)
    check_disk(*with_.config.ledger_directory, with_.config.limits, failed);
  return failed;
}

void WatchedService::collect(Exposition& exposition) {
  collect_counters(with_.metrics.counters, exposition);
  exposition.gauge("ccbus_next_state_pipe", "Events on their way to the bus thread.", {},
                   static_cast<double>(with_.pipe.under_way()));
  collect_requests(with_.metrics.shim, exposition);
  collect_next_states(with_.metrics.next_states, exposition);
  collect_proposals(with_.metrics.endorser, exposition);
  for (const CommitterMetrics& metrics : with_.channels.metrics())
    collect_channel(metrics, exposition);
  collect_process(exposition);
}

template <class Answer>
Result<Answer> WatchedService::ask_bus_for(std::function<Answer(Now)> question) {
  const auto answer = std::make_shared<Answer>();
  auto asked = ask_bus([answer, ask = std::move(question)](Now now) { *answer = ask(now); });
  if (!asked) return unexpected(asked.error());
  return std::move(*answer);
}

Result<ccbus::StatusResponse> WatchedService::status() {
  return ask_bus_for(questions_.status);
}

Result<operations::Connections> WatchedService::connections(operations::Page page) {
  return ask_bus_for<operations::Connections>(
      [page, ask = questions_.connections](Now now) { return ask(now, page); });
}

std::string WatchedService::log_level() const {
  if (with_.logger.level() == spdlog::level::warn) return "warn";  // spdlog writes it out.
  const auto name = spdlog::level::to_string_view(with_.logger.level());
  return {name.data(), name.size()};
}

Result<void> WatchedService::set_log_level(std::string_view level) {
  auto parsed = parse_log_level(level);
  if (!parsed) return unexpected(parsed.error());
  with_.logger.set_level(*parsed);
  return {};
}

}  // namespace ccbus
