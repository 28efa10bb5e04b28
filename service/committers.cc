#include "service/committers.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "service/channel_id.h"
#include "service/ledger/channel_ledger.h"
#include "service/ledger/ledger_snapshot.h"
#include "service/ordering/embedded_orderer.h"

namespace ccbus {
namespace {

namespace fs = std::filesystem;

// A channel's id begins with a letter, so that no channel is called like this.
constexpr const char* kLeaving = ".leaving";

// The channels that have a directory below this one.
std::vector<ChannelId> channels_in(const fs::path& directory, std::size_t name_bytes_max) {
  std::vector<ChannelId> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(directory, none)) {
    std::string name = entry.path().filename().string();
    if (!entry.is_directory() || !check_channel_id(name, name_bytes_max)) continue;
    if (entry.path().extension() != ".partial") found.push_back({std::move(name)});
  }
  return found;
}

}  // namespace

class Committers::Committer {
 public:
  Committer(const Config& config, std::unique_ptr<ledger::ChannelLedger> ledger,
            bus::NextStatePipe<BusEvent>& pipe, Logger& logger)
      : pipe_(pipe),
        logger_(logger),
        ledger_(std::move(ledger)),
        orderer_(
            config.limits, [this](ordering::Batch batch) { commit(std::move(batch)); },
            [this] { return build_indexes(); }) {}

  [[nodiscard]] gateway::Channel channel() { return {ledger_, &orderer_}; }
  [[nodiscard]] const ChannelId& id() const { return ledger_->channel(); }
  void stop() { orderer_.stop(); }

 private:
  // Of an index, between two looks for what has come: a few milliseconds.
  static constexpr std::size_t kDocumentsPerSlice = 256;
  static constexpr std::size_t kDocumentsBetweenLines = 100 * kDocumentsPerSlice;

  // --- Committer thread ---

  void commit(ordering::Batch batch) {
    if (failed_) return;
    auto committed = ledger_->commit(std::move(batch));
    if (!committed) return fail_with("cannot commit: " + committed.error().message);
    sender().send(std::make_unique<BusEvent>(std::move(*committed)));
    // A loaded channel is never idle, and its indexes get on all the same.
    build_indexes();
  }

  // True while there is more to build.
  bool build_indexes() {
    if (failed_) return false;
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
    failed_ = true;
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
  const std::shared_ptr<ledger::ChannelLedger> ledger_;  // Others read it.

  // Committer thread only. Its socket is closed by the owner, after the thread has ended.
  std::optional<bus::NextStatePipe<BusEvent>::Sender> sender_;
  bool failed_ = false;

  ordering::EmbeddedOrderer orderer_;  // Last: its thread uses all of the above.
};

Committers::Committers(const Config& config, bus::NextStatePipe<BusEvent>& pipe, Logger& logger)
    : config_(config), pipe_(pipe), logger_(logger) {
  std::set<ChannelId> ids;
  for (const std::string& id : config.channels) ids.insert({id});
  if (config.ledger_directory) {
    const fs::path channels = *config.ledger_directory / "channels";
    ids.merge([&] {
      auto found = channels_in(channels, config.limits.name_bytes_max);
      return std::set<ChannelId>(found.begin(), found.end());
    }());
    std::error_code ignored;  // What a stop cut short; it is tried again at the next start.
    fs::remove_all(channels / kLeaving, ignored);
  }
  for (const ChannelId& id : ids) {
    if (auto opened = open(id); !opened) {
      throw std::runtime_error("cannot open channel " + id.value + ": " + opened.error().message);
    }
  }
}

Committers::~Committers() = default;

gateway::Channels Committers::channels() const {
  gateway::Channels channels;
  for (const auto& committer : committers_) channels.emplace(committer->id(), committer->channel());
  return channels;
}

std::optional<fs::path> Committers::directory_of(const ChannelId& channel) const {
  if (!config_.ledger_directory) return std::nullopt;
  return *config_.ledger_directory / "channels" / channel.value;
}

Result<gateway::Channel> Committers::open(const ChannelId& channel) {
  if (committers_.size() >= config_.limits.channels_max) {
    return fail(ErrorCode::kExhausted, "limits.channels is reached: there are " +
                                           std::to_string(committers_.size()) + " channels");
  }
  ledger::ChannelLedger::Options options;
  options.history = config_.history;
  options.directory = directory_of(channel);
  auto ledger = ledger::ChannelLedger::open(channel, std::move(options));
  if (!ledger) return unexpected(ledger.error());
  committers_.push_back(std::make_unique<Committer>(config_, std::move(*ledger), pipe_, logger_));
  return committers_.back()->channel();
}

Result<gateway::Channel> Committers::make(const ChannelId& channel,
                                          const std::optional<fs::path>& snapshot) {
  const auto directory = directory_of(channel);
  if (directory && fs::exists(*directory)) {
    return fail(ErrorCode::kExists, directory->string() + " is there already");
  }
  if (snapshot) {
    if (!directory) {
      return fail(ErrorCode::kPrecondition,
                  "a ledger in memory takes no snapshots: set ledger.directory");
    }
    auto info = ledger::read_snapshot(*snapshot);
    if (!info) return unexpected(info.error());
    if (info->channel != channel) {
      return fail(ErrorCode::kInvalid, "the snapshot in " + snapshot->string() +
                                           " is of channel '" + info->channel.value + "', not '" +
                                           channel.value + "'");
    }
    auto restored = ledger::restore_snapshot(*snapshot, *directory);
    if (!restored) return unexpected(restored.error());
  }
  auto opened = open(channel);
  if (opened) {
    logger_.info("channel.made channel={} height={}", channel.value, opened->ledger->height());
  }
  return opened;
}

Result<void> Committers::remove(const ChannelId& channel) {
  const auto at = std::ranges::find_if(
      committers_, [&channel](const auto& committer) { return committer->id() == channel; });
  if (at == committers_.end()) {
    return fail(ErrorCode::kNotFound, "channel '" + channel.value + "' not found");
  }
  (*at)->stop();
  committers_.erase(at);
  logger_.info("channel.removed channel={}", channel.value);
  const auto directory = directory_of(channel);
  if (!directory) return {};
  // Away in one step: a stop in between leaves either all of it or nothing.
  const fs::path leaving = directory->parent_path() / kLeaving / channel.value;
  std::error_code error;
  fs::remove_all(leaving, error);
  if (!error) fs::create_directories(leaving.parent_path(), error);
  if (!error) fs::rename(*directory, leaving, error);
  if (!error) fs::remove_all(leaving, error);
  if (!error) return {};
  return fail(ErrorCode::kIo, "cannot remove " + directory->string() + ": " + error.message());
}

void Committers::stop() {
  for (const auto& committer : committers_) committer->stop();
}

}  // namespace ccbus
