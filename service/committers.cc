#include "service/committers.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace ccbus {
namespace {

std::unique_ptr<ledger::ChannelLedger> open_ledger(const Config& config, const std::string& id) {
  ledger::ChannelLedger::Options options;
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
        orderer_(config.limits, [this](ordering::Batch batch) { commit(std::move(batch)); }) {}

  [[nodiscard]] gateway::Channel channel() { return {ledger_.get(), &orderer_}; }
  void stop() { orderer_.stop(); }

 private:
  // Committer thread.
  void commit(ordering::Batch batch) {
    if (failed_) return;
    if (!sender_) sender_.emplace(pipe_.open_sender());
    auto committed = ledger_->commit(std::move(batch));
    if (committed) {
      sender_->send(std::make_unique<BusEvent>(std::move(*committed)));
      return;
    }
    failed_ = true;
    logger_.error("block.commit_failed channel={} block={} reason={:?} -> stopping",
                  ledger_->channel().value, ledger_->height(), committed.error().message);
    sender_->send(std::make_unique<BusEvent>(
        StopRequested{1, "cannot commit: " + committed.error().message}));
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
