#include "service/assembly/channel_set.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "service/base/assert.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/upkeep/ledger_snapshot.h"

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

std::set<ChannelId> all_channels(const Config& config, const ChannelDirectories& directories) {
  std::set<ChannelId> ids;
  for (const std::string& id : config.channels) ids.insert({id});
  for (ChannelId& id : directories.found()) ids.insert(std::move(id));
  return ids;
}

}  // namespace

std::set<ChannelId> ChannelSet::at_start(const Config& config) {
  return all_channels(config, {config.ledger_directory, config.limits.name_bytes_max});
}

ChannelSet::ChannelSet(const Config& config, std::size_t descriptors,
                       bus::NextStatePipe<BusEvent>& pipe, Logger& logger, Counters& counters)
    : config_(config),
      pipe_(pipe),
      logger_(logger),
      counters_(counters),
      directories_(config.ledger_directory, config.limits.name_bytes_max),
      descriptors_(descriptors, all_channels(config, directories_).size(),
                   config.limits.channels_max),
      memory_(std::make_shared<ledger::StorageMemory>(config.limits.storage_bytes_max)),
      rewriter_(logger, counters),
      logs_(config, logger) {
  for (const ChannelId& id : all_channels(config, directories_)) {
    auto room = check_room();
    auto opened = room ? open(id, directories_.current(id), descriptors_.tables_at_start(),
                              config_.state_database)
                       : unexpected(room.error());
    if (!opened) {
      throw std::runtime_error("cannot open channel " + id.value + ": " + opened.error().message);
    }
    const MutexLock lock(mutex_);
    committers_.push_back(std::move(*opened));
  }
  directories_.remove_leftovers();
}

ChannelSet::~ChannelSet() = default;

gateway::Channels ChannelSet::channels() const {
  gateway::Channels channels;
  const MutexLock lock(mutex_);
  for (const auto& committer : committers_) channels.emplace(committer->id(), committer->channel());
  return channels;
}

Result<void> ChannelSet::check_room() const {
  const MutexLock lock(mutex_);
  const std::size_t channels = committers_.size();
  if (channels >= config_.limits.channels_max) {
    return fail(ErrorCode::kExhausted,
                "limits.channels is reached: there are " + std::to_string(channels) + " channels");
  }
  if (config_.ledger_directory && channels >= descriptors_.channels_max()) {
    return fail(ErrorCode::kExhausted,
                "there are " + std::to_string(channels) +
                    " channels, and no descriptors for the files of another one (ulimit -n, "
                    "LimitNOFILE=)");
  }
  return {};
}

Result<std::unique_ptr<Committer>> ChannelSet::open(const ChannelId& channel,
                                                    const std::optional<fs::path>& directory,
                                                    std::size_t tables_open_max,
                                                    StateDatabase database) {
  ledger::ChannelLedger::Options options;
  options.state_database = database;
  options.tables_open_max = static_cast<int>(tables_open_max);
  options.memory = memory_;
  options.history = config_.history;
  options.directory = directory;
  options.logger = &logger_;
  auto ledger = ledger::ChannelLedger::open(channel, std::move(options));
  if (!ledger) return unexpected(ledger.error());
  auto log = logs_.open(**ledger);
  if (!log) return unexpected(log.error());
  auto committer = std::make_unique<Committer>(config_, std::move(*ledger), std::move(*log), pipe_,
                                               logger_, counters_);
  rewriter_.add(committer->channel().ledger);
  return committer;
}

Result<std::unique_ptr<Committer>> ChannelSet::begin(const ChannelId& channel,
                                                     const std::optional<fs::path>& directory,
                                                     const gateway::ChannelBeginning& beginning,
                                                     const CancellationToken& cancelled) {
  const std::optional<fs::path>& snapshot = beginning.snapshot;
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
    auto restored = ledger::restore_snapshot(*snapshot, *directory, cancelled);
    if (!restored) return unexpected(restored.error());
  }
  auto opened = open(channel, directory, DatabaseDescriptors::tables_later(),
                     beginning.state_database.value_or(config_.state_database));
  if (!opened && directory) fs::remove_all(*directory, error);
  return opened;
}

Result<gateway::Channel> ChannelSet::make(const ChannelId& channel,
                                          const gateway::ChannelBeginning& beginning,
                                          const CancellationToken& cancelled) {
  if (auto room = check_room(); !room) return unexpected(room.error());
  auto made = begin(channel, directories_.current(channel), beginning, cancelled);
  if (!made) return unexpected(made.error());
  gateway::Channel there = (*made)->channel();
  {
    const MutexLock lock(mutex_);
    committers_.push_back(std::move(*made));
  }
  logger_.info("channel.made channel={} height={} state_database={}", channel.value,
               there.ledger->height(), name_of(there.ledger->state_database()));
  return there;
}

// The new one is complete before the old one is touched.
Result<void> ChannelSet::replace(const ChannelId& channel,
                                 const gateway::ChannelBeginning& beginning,
                                 const CancellationToken& cancelled) {
  Committer* const old = committer_of(channel);
  if (old == nullptr) {
    return fail(ErrorCode::kNotFound, "channel '" + channel.value + "' not found");
  }
  if (config_.is_ordered_by_kafka && !beginning.snapshot) {
    return fail(ErrorCode::kPrecondition,
                "channel '" + channel.value +
                    "' would be filled again from its log, which it shares with other services");
  }
  gateway::ChannelBeginning kept = beginning;
  if (!kept.state_database) kept.state_database = old->channel().ledger->state_database();
  auto made = begin(channel, directories_.next(channel), kept, cancelled);
  if (!made) return unexpected(made.error());
  old->stop();
  const std::uint64_t height = (*made)->channel().ledger->height();
  {
    const MutexLock lock(mutex_);
    std::ranges::find(committers_, old, [](const auto& each) { return each.get(); })->swap(*made);
  }
  made->reset();
  logger_.info("channel.reset channel={} height={}", channel.value, height);
  if (auto removed = directories_.advance(channel); !removed) {
    logger_.warn("channel.leftover channel={} reason={:?}", channel.value, removed.error().message);
  }
  return {};
}

gateway::Channel ChannelSet::find(const ChannelId& channel) {
  Committer* const committer = committer_of(channel);
  CCBUS_ASSERT(committer != nullptr);
  return committer->channel();
}

Committer* ChannelSet::committer_of(const ChannelId& channel) const {
  const MutexLock lock(mutex_);
  const auto at = std::ranges::find(
      committers_, channel, [](const auto& each) -> const ChannelId& { return each->id(); });
  return at == committers_.end() ? nullptr : at->get();
}

std::vector<CommitterMetrics> ChannelSet::metrics() const {
  std::vector<CommitterMetrics> metrics;
  const MutexLock lock(mutex_);
  for (const auto& committer : committers_) metrics.push_back(committer->metrics());
  return metrics;
}

// The owner alone changes the list, so that it can go through it while others look.
void ChannelSet::stop() {
  rewriter_.stop();
  std::vector<Committer*> committers;
  {
    const MutexLock lock(mutex_);
    for (const auto& committer : committers_) committers.push_back(committer.get());
  }
  for (Committer* committer : committers) committer->stop();
}

}  // namespace ccbus
