#include "tests/simulation/engine/simulated_channel.h"

#include <utility>

#include "tests/simulation/engine/allocation_meter.h"

namespace ccbus::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto kUntilReopening = 100ms;
constexpr std::size_t kDocumentsPerSlice = 256;
constexpr auto kLedger = ordering::EnvelopeQueue::Refuser::kLedger;

}  // namespace

SimulatedChannel::SimulatedChannel(const Settings& settings,
                                   std::unique_ptr<ledger::ChannelLedger> ledger, Pipe& pipe,
                                   StateModel& model, Findings& findings, Trace& trace)
    : commit_(settings.commit),
      pipe_(pipe),
      model_(model),
      findings_(findings),
      trace_(trace),
      ledger_(std::move(ledger)),
      log_(ledger_->position()),
      queue_(settings.limits, log_),
      feed_(settings.limits, log_, queue_, {}, std::nullopt) {
  model_.compare(*ledger_);
}

gateway::Channel SimulatedChannel::channel() {
  return {ledger_, &queue_, [this] { return gateway::CommitMetrics{queue_.waiting(), {}}; }};
}

bool SimulatedChannel::has_work(SteadyTime now) const {
  if (next_try_) return *next_try_ <= now;
  return queue_.waiting() > 0 && busy_until_ <= now;
}

std::optional<SteadyTime> SimulatedChannel::next_try() const {
  if (next_try_ || queue_.waiting() == 0) return next_try_;
  return busy_until_;
}

void SimulatedChannel::run_one(SteadyTime now) {
  if (next_try_) return reopen(now);
  if (auto batch = next_batch()) commit(now, std::move(*batch));
}

std::optional<OrderedBatch> SimulatedChannel::next_batch() {
  auto next = feed_.next(ordering::BatchSource::kNoWait);
  if (next.kind != ordering::BatchSource::Next::Kind::kBatch) return std::nullopt;
  return std::move(next.batch);
}

void SimulatedChannel::commit(SteadyTime now, OrderedBatch batch) {
  auto committed = ledger_->commit(std::move(batch));
  if (!committed) {
    held_ = std::move(batch);
    return close(now, committed.error());
  }
  busy_until_ = now + commit_;
  publish(*committed);
  if (auto built = ledger_->build_indexes(kDocumentsPerSlice); !built) close(now, built.error());
}

void SimulatedChannel::publish(const ledger::BlockCommitted& block) {
  std::string codes;
  for (const auto& transaction : block.transactions) {
    codes += " " + transaction.tx_id.value.substr(0, 8) + "=" + std::to_string(transaction.code);
  }
  trace_.add("block " + std::to_string(block.number) + " of " + block.channel.value + codes);
  model_.apply(block);
  const MeteredWork work;
  pipe_.send(ledger::BlockCommitted(block));
}

void SimulatedChannel::close(SteadyTime now, const Error& why) {
  trace_.add("channel " + ledger_->channel().value + " is closed: " + why.message);
  if (why.code != ErrorCode::kIo) {
    findings_.add("a block could not be committed for another reason than the disk: " +
                  why.message);
  }
  ledger_->close(why.message);
  queue_.refuse(kLedger, {ErrorCode::kUnavailable, "the ledger is closed: " + why.message});
  pipe_.send(LedgerClosed{ledger_->channel()});
  next_try_ = now + kUntilReopening;
}

void SimulatedChannel::reopen(SteadyTime now) {
  auto reopened = ledger_->reopen();
  if (!reopened) {
    const ErrorCode code = reopened.error().code;
    if (code == ErrorCode::kCorrupt || code == ErrorCode::kInvalid) {
      findings_.add("the ledger cannot be opened again: " + reopened.error().message);
    }
    trace_.add("channel " + ledger_->channel().value + " stays closed");
    next_try_ = now + kUntilReopening;
    return;
  }
  trace_.add("channel " + ledger_->channel().value + " is opened again");
  next_try_.reset();
  queue_.accept(kLedger);
  auto held = std::exchange(held_, std::nullopt);
  if (*reopened) {
    publish(**reopened);
  } else if (held) {
    commit(now, std::move(*held));
  }
}

void SimulatedChannel::stop(SteadyTime now) {
  queue_.stop();
  while (!is_closed()) {
    auto batch = next_batch();
    if (!batch) return;
    commit(now, std::move(*batch));
  }
}

}  // namespace ccbus::simulation
