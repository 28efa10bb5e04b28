#include "service/assembly/committers.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "fabric/common/common.pb.h"
#include "service/base/assert.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/upkeep/ledger_snapshot.h"
#include "service/metrics/labelled_metrics.h"
#include "service/ordering/committer_thread.h"
#include "service/ordering/embedded_log.h"

namespace ccbus {
namespace {

namespace fs = std::filesystem;

Result<void> check_snapshot(const fs::path& snapshot, const ChannelId& channel) {
  auto info = ledger::read_snapshot(snapshot);
  if (!info) return unexpected(info.error());
  if (info->channel == channel) return {};
  return fail(ErrorCode::kInvalid, "the snapshot in " + snapshot.string() + " is of channel '" +
                                       info->channel.value + "', not '" + channel.value + "'");
}

std::uint64_t bytes_of(const ordering::Batch& batch) {
  std::uint64_t bytes = 0;
  for (const OrderedEnvelope& envelope : batch) bytes += envelope.bytes.size();
  return bytes;
}

}  // namespace

class Committers::Committer {
 public:
  Committer(const Config& config, std::unique_ptr<ledger::ChannelLedger> ledger,
            bus::NextStatePipe<BusEvent>& pipe, Logger& logger, Counters& counters)
      : pipe_(pipe),
        logger_(logger),
        counters_(counters),
        block_transactions_max_(static_cast<double>(config.limits.block_transactions_max)),
        block_bytes_preferred_(config.limits.block_bytes_preferred),
        ledger_(std::move(ledger)),
        log_(config.limits, ledger_->position()),
        thread_(
            log_, [this](OrderedBatch batch) { commit(std::move(batch)); },
            [this] { return build_indexes(); }) {}

  [[nodiscard]] gateway::Channel channel() {
    return {ledger_, &log_, [this] { return commit_metrics(); }};
  }
  [[nodiscard]] const ChannelId& id() const { return ledger_->channel(); }
  void stop() { thread_.stop(); }

  // Any thread.
  [[nodiscard]] gateway::CommitMetrics commit_metrics() const {
    return {log_.waiting(),
            {{"validate", validate_.snapshot()},
             {"prepare", prepare_.snapshot()},
             {"write", write_.snapshot()}}};
  }

  // Any thread.
  [[nodiscard]] CommitterMetrics metrics() const {
    CommitterMetrics metrics;
    metrics.channel = id();
    metrics.height = ledger_->height();
    metrics.waiting = log_.waiting();
    metrics.failed = failed_.load(std::memory_order_relaxed);
    if (const auto since = committing_since_.load(std::memory_order_relaxed); since != kIdle) {
      metrics.committing = std::chrono::steady_clock::now() - SteadyTime(since);
    }
    metrics.block = block_.snapshot();
    metrics.validate = validate_.snapshot();
    metrics.prepare = prepare_.snapshot();
    metrics.write = write_.snapshot();
    metrics.fill = fill_.snapshot();
    metrics.fill_duration = fill_duration_.snapshot();
    transactions_.each([&metrics](const auto& labels, const Count& count) {
      metrics.transactions.push_back({labels[0], labels[1], labels[2], count.get()});
    });
    metrics.storage = ledger_->storage_metrics();
    return metrics;
  }

 private:
  static constexpr SteadyTime::duration kIdle{0};
  // Of an index, between two looks for what has come: a few milliseconds.
  static constexpr std::size_t kDocumentsPerSlice = 256;
  static constexpr std::size_t kDocumentsBetweenLines = 100 * kDocumentsPerSlice;

  // --- Committer thread ---

  void commit(OrderedBatch batch) {
    if (has_failed()) return;
    const auto start = std::chrono::steady_clock::now();
    fill_duration_.observe(time_to_fill(batch.envelopes, start));
    committing_since_.store(start.time_since_epoch(), std::memory_order_relaxed);
    const std::uint64_t bytes = bytes_of(batch.envelopes);
    auto committed = ledger_->commit(std::move(batch));
    const auto took = std::chrono::steady_clock::now() - start;
    committing_since_.store(kIdle, std::memory_order_relaxed);
    counters_.add(Counter::kCommitMicroseconds,
                  static_cast<std::uint64_t>(
                      std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    if (!committed) return fail_with("cannot commit: " + committed.error().message);
    counters_.add(Counter::kBlockBytes, bytes);
    observe(*committed, took);
    sender().send(std::make_unique<BusEvent>(std::move(*committed)));
    // A loaded channel is never idle, and its indexes get on all the same.
    build_indexes();
  }

  [[nodiscard]] bool has_failed() const { return failed_.load(std::memory_order_relaxed); }

  // Fabric's rule: one that is larger than a block should be was cut as soon as it was seen.
  [[nodiscard]] std::chrono::nanoseconds time_to_fill(const ordering::Batch& batch,
                                                      SteadyTime cut) const {
    const ordering::Batch::value_type& first = batch.front();
    const bool is_oversize = batch.size() == 1 && first.bytes.size() > block_bytes_preferred_;
    return is_oversize ? std::chrono::nanoseconds(0) : cut - first.ordered;
  }

  void observe(const ledger::BlockCommitted& block, std::chrono::nanoseconds took) {
    block_.observe(took);
    validate_.observe(block.took.validate);
    prepare_.observe(block.took.prepare);
    write_.observe(block.took.write);
    fill_.observe(static_cast<double>(block.transactions.size()) / block_transactions_max_);
    count(block.transactions);
    for (const ledger::CommittedTransaction& transaction : block.transactions) {
      if (transaction.private_data_fault.empty()) continue;
      logger_.warn("block.private_data_missing channel={} block={} tx={} reason={:?}",
                   block.channel.value, block.number, transaction.tx_id.value,
                   transaction.private_data_fault);
    }
  }

  // Neighbours in a block are mostly of one kind, and then need no look.
  void count(const std::vector<ledger::CommittedTransaction>& transactions) {
    const ledger::CommittedTransaction* last = nullptr;
    Count* counted = nullptr;
    for (const ledger::CommittedTransaction& transaction : transactions) {
      const bool is_new =
          last == nullptr || transaction.code != last->code || transaction.kind != last->kind;
      if (is_new) counted = &count_of(transaction);
      counted->add(1);
      last = &transaction;
    }
  }

  Count& count_of(const ledger::CommittedTransaction& transaction) {
    const auto or_unknown = [](const std::string& name) {
      return name.empty() ? std::string_view("unknown") : std::string_view(name);
    };
    const auto type = static_cast<common::HeaderType>(transaction.kind.type);
    return transactions_.of({or_unknown(common::HeaderType_Name(type)),
                             or_unknown(transaction.kind.chaincode_name),
                             protos::TxValidationCode_Name(transaction.code)});
  }

  // True while there is more to build.
  bool build_indexes() {
    if (has_failed()) return false;
    auto built = ledger_->build_indexes(kDocumentsPerSlice);
    if (!built) {
      fail_with("cannot build an index: " + built.error().message);
      return false;
    }
    if (built->is_complete || built->documents % kDocumentsBetweenLines == kDocumentsPerSlice) {
      logger_.info("index.build channel={} index={} documents={} complete={}",
                   ledger_->channel().value, built->index, built->documents, built->is_complete);
    }
    return built->has_more;
  }

  void fail_with(const std::string& why) {
    failed_.store(true, std::memory_order_relaxed);
    logger_.error("block.commit_failed channel={} block={} reason={:?} -> stopping",
                  ledger_->channel().value, ledger_->height(), why);
    sender().send(std::make_unique<BusEvent>(StopRequested{1, why}));
  }

  bus::NextStatePipe<BusEvent>::Sender& sender() {
    if (!sender_) sender_.emplace(pipe_.open_sender());
    return *sender_;
  }

  bus::NextStatePipe<BusEvent>& pipe_;
  Logger& logger_;
  Counters& counters_;
  const double block_transactions_max_;
  const std::size_t block_bytes_preferred_;
  const std::shared_ptr<ledger::ChannelLedger> ledger_;  // Others read it.

  // Committer thread only. Its socket is closed by the owner, after the thread has ended.
  std::optional<bus::NextStatePipe<BusEvent>::Sender> sender_;

  // Written by the committer thread, read by any.
  std::atomic<bool> failed_{false};
  std::atomic<SteadyTime::duration> committing_since_{kIdle};
  SecondsHistogram block_;
  SecondsHistogram validate_;
  SecondsHistogram prepare_;
  SecondsHistogram write_;
  ShareHistogram fill_;
  SecondsHistogram fill_duration_;
  LabelledMetrics<3, Count> transactions_;  // By type, chaincode and validation code.

  ordering::EmbeddedLog log_;
  ordering::CommitterThread thread_;  // Last: it uses all of the above.
};

Committers::Committers(const Config& config, bus::NextStatePipe<BusEvent>& pipe, Logger& logger,
                       Counters& counters)
    : config_(config),
      pipe_(pipe),
      logger_(logger),
      counters_(counters),
      directories_(config.ledger_directory, config.limits.name_bytes_max) {
  std::set<ChannelId> ids;
  for (const std::string& id : config.channels) ids.insert({id});
  for (ChannelId& id : directories_.found()) ids.insert(std::move(id));
  for (const ChannelId& id : ids) {
    auto room = check_room();
    auto opened = room ? open(id, directories_.current(id)) : unexpected(room.error());
    if (!opened) {
      throw std::runtime_error("cannot open channel " + id.value + ": " + opened.error().message);
    }
    committers_.push_back(std::move(*opened));
  }
  directories_.remove_leftovers();
}

Committers::~Committers() = default;

gateway::Channels Committers::channels() const {
  gateway::Channels channels;
  for (const auto& committer : committers_) channels.emplace(committer->id(), committer->channel());
  return channels;
}

Result<void> Committers::check_room() const {
  if (committers_.size() < config_.limits.channels_max) return {};
  return fail(ErrorCode::kExhausted, "limits.channels is reached: there are " +
                                         std::to_string(committers_.size()) + " channels");
}

Result<std::unique_ptr<Committers::Committer>> Committers::open(
    const ChannelId& channel, const std::optional<fs::path>& directory) {
  ledger::ChannelLedger::Options options;
  options.history = config_.history;
  options.directory = directory;
  auto ledger = ledger::ChannelLedger::open(channel, std::move(options));
  if (!ledger) return unexpected(ledger.error());
  return std::make_unique<Committer>(config_, std::move(*ledger), pipe_, logger_, counters_);
}

Result<std::unique_ptr<Committers::Committer>> Committers::begin(
    const ChannelId& channel, const std::optional<fs::path>& directory,
    const std::optional<fs::path>& snapshot) {
  std::error_code error;
  if (directory && fs::exists(*directory, error)) {
    return fail(ErrorCode::kExists, directory->string() + " is there already");
  }
  if (error) return fail(ErrorCode::kIo, directory->string() + ": " + error.message());
  if (snapshot && !directory) {
    return fail(ErrorCode::kPrecondition,
                "a ledger in memory takes no snapshots: set ledger.directory");
  }
  if (snapshot) {
    if (auto checked = check_snapshot(*snapshot, channel); !checked) {
      return unexpected(checked.error());
    }
    auto restored = ledger::restore_snapshot(*snapshot, *directory);
    if (!restored) return unexpected(restored.error());
  }
  auto opened = open(channel, directory);
  if (!opened && directory) fs::remove_all(*directory, error);
  return opened;
}

Result<gateway::Channel> Committers::make(const ChannelId& channel,
                                          const std::optional<fs::path>& snapshot) {
  if (auto room = check_room(); !room) return unexpected(room.error());
  auto made = begin(channel, directories_.current(channel), snapshot);
  if (!made) return unexpected(made.error());
  gateway::Channel there = (*made)->channel();
  {
    const std::lock_guard lock(mutex_);
    committers_.push_back(std::move(*made));
  }
  logger_.info("channel.made channel={} height={}", channel.value, there.ledger->height());
  return there;
}

// The new one is complete before the old one is touched.
Result<void> Committers::replace(const ChannelId& channel,
                                 const std::optional<fs::path>& snapshot) {
  const auto at = locate(channel);
  if (at == committers_.end()) {
    return fail(ErrorCode::kNotFound, "channel '" + channel.value + "' not found");
  }
  auto made = begin(channel, directories_.next(channel), snapshot);
  if (!made) return unexpected(made.error());
  (*at)->stop();
  {
    const std::lock_guard lock(mutex_);
    at->swap(*made);
  }
  made->reset();
  logger_.info("channel.reset channel={} height={}", channel.value,
               (*at)->channel().ledger->height());
  if (auto removed = directories_.advance(channel); !removed) {
    logger_.warn("channel.leftover channel={} reason={:?}", channel.value, removed.error().message);
  }
  return {};
}

gateway::Channel Committers::find(const ChannelId& channel) {
  const auto at = locate(channel);
  CCBUS_ASSERT(at != committers_.end());
  return (*at)->channel();
}

std::vector<std::unique_ptr<Committers::Committer>>::iterator Committers::locate(
    const ChannelId& channel) {
  return std::ranges::find_if(
      committers_, [&channel](const auto& committer) { return committer->id() == channel; });
}

std::vector<CommitterMetrics> Committers::metrics() const {
  std::vector<CommitterMetrics> metrics;
  const std::lock_guard lock(mutex_);
  for (const auto& committer : committers_) metrics.push_back(committer->metrics());
  return metrics;
}

void Committers::stop() {
  for (const auto& committer : committers_) committer->stop();
}

}  // namespace ccbus
