#include "service/watched_service.h"

#include <dirent.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <future>
#include <memory>
#include <utility>

namespace ccbus {
namespace {

using operations::Exposition;
using operations::FailedCheck;

constexpr std::chrono::milliseconds kBusPatience{1000};

// Asks on the bus thread. Whoever waits may have given up by then, so it owns what it touches.
class Question final : public Job {
 public:
  explicit Question(std::function<void(Now)> ask) : ask_(std::move(ask)) {}

  std::future<bool> answered() { return answered_.get_future(); }

  void run() override {}
  void finish(Now now) override {
    ask_(now);
    answered_.set_value(true);
  }
  void drop() override { answered_.set_value(false); }

 private:
  const std::function<void(Now)> ask_;
  std::promise<bool> answered_;
};

std::string milliseconds_text(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) +
         " ms";
}

void check_committer(const CommitterFigures& figures, const Limits& limits,
                     std::vector<FailedCheck>& failed) {
  const std::string component = "committer." + figures.channel.value;
  if (figures.failed) {
    failed.push_back({component, "a block could not be committed; the service stops"});
  }
  if (figures.committing && *figures.committing > limits.commit_stall) {
    failed.push_back(
        {component, "block " + std::to_string(figures.height) + " has been under way for " +
                        milliseconds_text(*figures.committing) + ", limit " +
                        milliseconds_text(limits.commit_stall) + " (limits.commitStall)"});
  }
  if (figures.waiting >= limits.ordering_queue_max) {
    failed.push_back(
        {component, std::to_string(figures.waiting) + " transactions wait for a block, limit " +
                        std::to_string(limits.ordering_queue_max) + " (orderer.queue)"});
  }
}

void check_storage(const CommitterFigures& figures, std::vector<FailedCheck>& failed) {
  const std::string component = "ledger." + figures.channel.value;
  if (figures.storage.background_errors != 0) {
    failed.push_back({component, std::to_string(figures.storage.background_errors) +
                                     " errors while RocksDB flushed or compacted"});
  }
  if (figures.storage.write_stopped) {
    failed.push_back({component, "RocksDB takes no writes until compaction has caught up: " +
                                     std::to_string(figures.storage.compaction_pending_bytes) +
                                     " bytes are pending"});
  }
}

void check_disk(const std::filesystem::path& directory, const Limits& limits,
                std::vector<FailedCheck>& failed) {
  if (access(directory.c_str(), W_OK) != 0) {
    failed.push_back({"disk", directory.string() + " is not writable: " + std::strerror(errno)});
  }
  struct statvfs disk {};
  if (statvfs(directory.c_str(), &disk) != 0) {
    failed.push_back({"disk", directory.string() + ": " + std::strerror(errno)});
    return;
  }
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free < limits.disk_free_bytes_min) {
    failed.push_back(
        {"disk", directory.string() + " has " + std::to_string(free) + " bytes free, limit " +
                     std::to_string(limits.disk_free_bytes_min) + " (limits.diskFreeBytes)"});
  }
}

std::size_t open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc/self/fd"), closedir);
  if (directory == nullptr) return 0;
  std::size_t entries = 0;
  while (readdir(directory.get()) != nullptr) ++entries;
  return entries - 3;  // Without ".", ".." and the one that reads.
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Under the names that Prometheus' own client libraries give them.
void collect_process(Exposition& metrics) {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  metrics.counter("process_cpu_seconds_total", "Processor time, user and system.", {},
                  seconds(used.ru_utime) + seconds(used.ru_stime));
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  metrics.gauge("process_resident_memory_bytes", "Resident memory.", {},
                static_cast<double>(resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))));
  metrics.gauge("process_open_fds", "Open descriptors.", {},
                static_cast<double>(open_descriptors()));
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  metrics.gauge("process_max_fds", "Descriptors that it may open.", {},
                static_cast<double>(limit.rlim_cur));
}

void collect_channel(const CommitterFigures& figures, Exposition& metrics) {
  const std::pair<std::string, std::string> channel{"channel", figures.channel.value};
  metrics.gauge("ledger_blockchain_height", "Blocks of the channel.", {channel},
                static_cast<double>(figures.height));
  metrics.histogram("ledger_block_processing_time",
                    "Seconds from a block's batch to its sync, all stages.", {channel},
                    figures.block);
  metrics.histogram("ledger_blockstorage_and_pvtdata_commit_time",
                    "Seconds of the one atomic, synced write of block, state and private data.",
                    {channel}, figures.write);
  const auto stage = [&](const char* name, const HistogramFigures& took) {
    metrics.histogram("ccbus_commit_stage_seconds", "Seconds of a stage of a commit.",
                      {channel, {"stage", name}}, took);
  };
  stage("validate", figures.validate);
  stage("prepare", figures.prepare);
  stage("write", figures.write);
  metrics.histogram("ccbus_block_fill_ratio",
                    "Transactions of a block over orderer.batchSize.maxMessageCount.", {channel},
                    figures.fill);
  metrics.gauge("ccbus_ordering_queue", "Transactions that wait for a block.", {channel},
                static_cast<double>(figures.waiting));

  const auto storage = [&](const char* name, const char* help, std::uint64_t value) {
    metrics.gauge(name, help, {channel}, static_cast<double>(value));
  };
  const ledger::StorageFigures& store = figures.storage;
  storage("ccbus_rocksdb_live_bytes", "Data in tables on the disk.", store.live_bytes);
  storage("ccbus_rocksdb_memtable_bytes", "Data that is in no table yet.", store.memtable_bytes);
  storage("ccbus_rocksdb_block_cache_bytes", "Of the block cache.", store.block_cache_bytes);
  storage("ccbus_rocksdb_compactions_running", "Compactions now.", store.compactions_running);
  storage("ccbus_rocksdb_compaction_pending_bytes", "What compaction has to rewrite.",
          store.compaction_pending_bytes);
  storage("ccbus_rocksdb_background_errors", "Failed flushes and compactions.",
          store.background_errors);
  storage("ccbus_rocksdb_write_stopped", "1 while no write is taken.", store.write_stopped ? 1 : 0);
}

}  // namespace

Result<void> WatchedService::ask_bus(std::function<void(Now)> question) {
  if (stopping_.load(std::memory_order_relaxed)) {
    return fail(ErrorCode::kPrecondition, "the service is stopping");
  }
  auto job = std::make_unique<Question>(std::move(question));
  auto answered = job->answered();
  if (!sender_) sender_.emplace(pipe_.open_sender());
  if (!sender_->try_send(std::make_unique<BusEvent>(std::move(job)))) {
    return fail(ErrorCode::kDeadline,
                "the next-state pipe is full: " + std::to_string(pipe_.under_way()) +
                    " events wait for the bus thread");
  }
  if (answered.wait_for(kBusPatience) != std::future_status::ready) {
    return fail(ErrorCode::kDeadline,
                "the bus thread has not answered for " + milliseconds_text(kBusPatience) + "; " +
                    std::to_string(pipe_.under_way()) + " events are on their way to it");
  }
  if (!answered.get()) return fail(ErrorCode::kPrecondition, "the service is stopping");
  return {};
}

std::vector<FailedCheck> WatchedService::failed_checks() {
  std::vector<FailedCheck> failed;
  if (stopping_.load(std::memory_order_relaxed)) {
    failed.push_back({"shutdown", "the service is stopping"});
  } else if (auto answered = ask_bus([](Now) {}); !answered) {
    failed.push_back({"bus", answered.error().message});
  }
  for (const CommitterFigures& figures : committers_.figures()) {
    check_committer(figures, config_.limits, failed);
    check_storage(figures, failed);
  }
  if (config_.ledger_directory) check_disk(*config_.ledger_directory, config_.limits, failed);
  return failed;
}

void WatchedService::collect(Exposition& metrics) {
  counters_.each([&](std::string_view name, std::uint64_t value) {
    if (name == kCounterNames[static_cast<std::size_t>(Counter::kCommitMicroseconds)]) {
      return;  // ledger_block_processing_time has its sum.
    }
    std::string help(name);
    std::ranges::replace(help, '_', ' ');
    metrics.counter("ccbus_" + std::string(name) + "_total", "Since the start: " + help + ".", {},
                    static_cast<double>(value));
  });
  metrics.gauge("ccbus_next_state_pipe", "Events on their way to the bus thread.", {},
                static_cast<double>(pipe_.under_way()));
  for (const CommitterFigures& figures : committers_.figures()) collect_channel(figures, metrics);
  collect_process(metrics);
}

Result<ccbus::StatusResponse> WatchedService::status() {
  const auto status = std::make_shared<ccbus::StatusResponse>();
  auto asked = ask_bus([status, ask = status_](Now now) { *status = ask(now); });
  if (!asked) return unexpected(asked.error());
  return std::move(*status);
}

std::string WatchedService::log_level() const {
  if (logger_.level() == spdlog::level::warn) return "warn";  // spdlog writes it out.
  const auto name = spdlog::level::to_string_view(logger_.level());
  return {name.data(), name.size()};
}

Result<void> WatchedService::set_log_level(std::string_view level) {
  auto parsed = parse_log_level(level);
  if (!parsed) return unexpected(parsed.error());
  logger_.set_level(*parsed);
  return {};
}

}  // namespace ccbus
