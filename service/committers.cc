#include "service/committers.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace ccbus {
namespace {

std::unique_ptr<ledger::ChannelLedger> open_ledger(const Config& config, const std::string& id) {
  ledger::ChannelLedger::Options options;
  options.history = config.history;
  if (config.ledger_directory) options.directory = *config.ledger_directory / "channels" / id;
  auto opened = ledger::ChannelLedger::open(ChannelId{id}, std::move(options));
  if (!opened) {
    throw std::runtime_error("cannot open channel " + id + ": " + opened.error().message);
  }
  return std::move(*opened);
}

}  // namespace

class Committers::Committer {
 public:
  Committer(const Config& config, const std::string& id, bus::NextStatePipe<BusEvent>& pipe,
            Logger& logger)
      : pipe_(pipe),
        logger_(logger),
        ledger_(open_ledger(config, id)),
        orderer_(
            config.limits, [this](ordering::Batch batch) { commit(std::move(batch)); },
            [this] { return build_indexes(); }) {}

  [[nodiscard]] gateway::Channel channel() { return {ledger_.get(), &orderer_}; }
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
  const std::unique_ptr<ledger::ChannelLedger> ledger_;

  // Committer thread only. Its socket is closed by the owner, after the thread has ended.
  std::optional<bus::NextStatePipe<BusEvent>::Sender> sender_;
  bool failed_ = false;

  ordering::EmbeddedOrderer orderer_;  // Last: its thread uses all of the above.
};

Committers::Committers(const Config& config, bus::NextStatePipe<BusEvent>& pipe, Logger& logger) {
  for (const std::string& id : config.channels) {
    committers_.push_back(std::make_unique<Committer>(config, id, pipe, logger));
    channels_.emplace(ChannelId{id}, committers_.back()->channel());
  }
}

Committers::~Committers() = default;

void Committers::stop() {
  for (const auto& committer : committers_) committer->stop();
}

}  // namespace ccbus
