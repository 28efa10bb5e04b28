#include "service/assembly/committer.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

#include "fabric/common/common.pb.h"
#include "fabric/peer/transaction.pb.h"

namespace ccbus {
namespace {

// Documents of an index between two looks into the log: a few milliseconds.
constexpr std::size_t kDocumentsPerSlice = 256;
constexpr std::size_t kDocumentsBetweenLines = 100 * kDocumentsPerSlice;

constexpr std::chrono::milliseconds kUntilReopening{100};
constexpr std::chrono::milliseconds kUntilReopeningMax{5'000};
constexpr std::chrono::seconds kBetweenLooksWhenLow{1};

using Refuser = ordering::EnvelopeQueue::Refuser;
using PrivateData = ordering::EnvelopeQueue::PrivateData;

std::uint64_t bytes_of(const OrderedBatch& batch) {
  std::uint64_t bytes = 0;
  for (const OrderedEnvelope& envelope : batch.envelopes) bytes += envelope.bytes.size();
  return bytes;
}

}  // namespace

Committer::Committer(const Config& config, std::unique_ptr<ledger::ChannelLedger> ledger,
                     ChannelLog log, bus::NextStatePipe<BusEvent>& pipe, Logger& logger,
                     Counters& counters)
    : pipe_(pipe),
      logger_(logger),
      counters_(counters),
      block_transactions_max_(static_cast<double>(config.limits.block_transactions_max)),
      block_bytes_preferred_(config.limits.block_bytes_preferred),
      ledger_(std::move(ledger)),
      free_space_(config.ledger_directory, config.limits.disk_free_bytes_min),
      until_reopening_(kUntilReopening),
      log_(std::move(log.log)),
      is_log_shared_(log.member.has_value()),
      queue_(config.limits, *log_, is_log_shared_ ? PrivateData::kRefused : PrivateData::kTaken),
      feed_(config.limits, *log_, queue_, std::move(log.applied), std::move(log.member)),
      thread_(
          feed_, [this](OrderedBatch batch) { guarded([&] { commit(std::move(batch)); }); },
          [this] {
            SteadyTime again = ordering::BatchSource::kForever;
            guarded([&] { again = idle(); });
            return again;
          },
          [this](const Error& why) { guarded([&] { halt(why); }); }) {}

gateway::Channel Committer::channel() {
  return {ledger_, &queue_, [this] { return commit_metrics(); }};
}

gateway::CommitMetrics Committer::commit_metrics() const {
  return {queue_.waiting(),
          {{"validate", validate_.snapshot()},
           {"prepare", prepare_.snapshot()},
           {"write", write_.snapshot()}}};
}

CommitterMetrics Committer::metrics() const {
  CommitterMetrics metrics;
  metrics.channel = id();
  metrics.height = ledger_->height();
  metrics.waiting = queue_.waiting();
  metrics.failed = failed_.load(std::memory_order_relaxed);
  {
    const MutexLock lock(closed_mutex_);
    metrics.closed = closed_;
    metrics.halted = halted_;
  }
  if (const auto since = committing_since_.load(std::memory_order_relaxed); since != kIdle) {
    metrics.committing = std::chrono::steady_clock::now() - SteadyTime(since);
  }
  if (is_log_shared_) metrics.log = log_metrics();
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

LogMetrics Committer::log_metrics() const {
  const ordering::LogHealth health = log_->health();
  const ordering::LogFeed::PassedOver passed_over = feed_.passed_over();
  LogMetrics metrics{health.fault,
                     health.not_durable,
                     ledger_->position().value,
                     std::nullopt,
                     health.appended_again,
                     {{"foreign", passed_over.foreign},
                      {"duplicate", passed_over.duplicates},
                      {"gap", passed_over.gaps},
                      {"fenced", passed_over.fenced}}};
  if (health.end) metrics.end = health.end->value;
  return metrics;
}

// --- Committer thread ---

template <class Step>
void Committer::guarded(Step step) noexcept {
  try {
    step();
  } catch (const std::exception& error) {
    logger_.error("committer.exception channel={} what={:?}", id().value, error.what());
    fail_with("out of memory");
  }
}

void Committer::commit(OrderedBatch batch) {
  if (has_failed()) return;
  const auto start = std::chrono::steady_clock::now();
  fill_duration_.observe(time_to_fill(batch, start));
  committing_since_.store(start.time_since_epoch(), std::memory_order_relaxed);
  const std::uint64_t bytes = bytes_of(batch);
  auto committed = ledger_->commit(std::move(batch));
  const auto took = std::chrono::steady_clock::now() - start;
  committing_since_.store(kIdle, std::memory_order_relaxed);
  if (!committed) {
    auto settled = settle(std::move(batch), std::move(committed.error()));
    if (!settled) return;
    committed = std::move(*settled);
  }
  counters_.add(Counter::kCommitMicroseconds,
                static_cast<std::uint64_t>(
                    std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  until_reopening_ = kUntilReopening;
  counters_.add(Counter::kBlockBytes, bytes);
  observe(*committed, took);
  log_missing_private_data(*committed);
  report(std::move(*committed));
  if (free_space_.is_due(start, bytes)) look_at_disk();
  // A loaded channel is never idle, and its indexes have to be built all the same.
  build_indexes();
}

void Committer::report(ledger::BlockCommitted block) {
  *report_ = std::move(block);
  sender().send(std::move(report_));
  report_ = std::make_unique<BusEvent>();
}

std::optional<ledger::BlockCommitted> Committer::settle(OrderedBatch batch, Error why) {
  for (;;) {
    auto reopened = reopen(why);
    if (!reopened) return std::nullopt;
    if (*reopened) return std::move(**reopened);
    auto committed = ledger_->commit(std::move(batch));
    if (committed) return std::move(*committed);
    why = std::move(committed.error());
  }
}

std::optional<Committer::Reopened> Committer::reopen(const Error& why) {
  if (why.code != ErrorCode::kIo) {
    fail_with("cannot commit: " + why.message);
    return std::nullopt;
  }
  ledger_->close(why.message);
  queue_.refuse(Refuser::kLedger, {ErrorCode::kUnavailable,
                                   "the ledger of channel " + id().value +
                                       " is closed until it can be opened again: " + why.message});
  tell_closed(why.message);
  logger_.error("ledger.closed channel={} height={} reason={:?}", id().value, ledger_->height(),
                why.message);
  sender().send(std::make_unique<BusEvent>(LedgerClosed{id()}));
  std::string logged;
  while (!queue_.wait_for_stop(std::chrono::steady_clock::now() + until_reopening_)) {
    until_reopening_ = std::min(2 * until_reopening_, kUntilReopeningMax);
    auto reopened = try_reopen();
    if (reopened) {
      tell_closed("");
      logger_.info("ledger.opened_again channel={} height={} block_stored={}", id().value,
                   ledger_->height(), reopened->has_value());
      counters_.add(Counter::kLedgersReopened);
      look_at_disk();
      return std::move(*reopened);
    }
    const Error& still = reopened.error();
    if (still.code == ErrorCode::kCorrupt || still.code == ErrorCode::kInvalid) {
      fail_with("cannot open the ledger again: " + still.message);
      return std::nullopt;
    }
    tell_closed(still.message);
    if (still.message != logged) {
      logger_.warn("ledger.not_opened_yet channel={} reason={:?}", id().value, still.message);
      logged = still.message;
    }
  }
  failed_.store(true, std::memory_order_relaxed);  // What is still ordered cannot be committed.
  return std::nullopt;
}

Result<Committer::Reopened> Committer::try_reopen() {
  if (auto low = free_space_.look(std::chrono::steady_clock::now())) {
    return unexpected(std::move(*low));
  }
  return ledger_->reopen();
}

void Committer::tell_closed(const std::string& why) {
  const MutexLock lock(closed_mutex_);
  closed_ = why;
}

// Also takes back a refusal of reopen().
void Committer::look_at_disk() {
  const bool was_low = free_space_.is_low();
  auto low = free_space_.look(std::chrono::steady_clock::now());
  if (low && !was_low) {
    logger_.warn("disk.low channel={} reason={:?}", id().value, low->message);
  } else if (!low && was_low) {
    logger_.info("disk.has_room channel={}", id().value);
  }
  if (low) {
    queue_.refuse(Refuser::kLedger, std::move(*low));
  } else {
    queue_.accept(Refuser::kLedger);
  }
}

// While the disk is low on space nothing is ordered, so that nothing else would look at it again.
SteadyTime Committer::idle() {
  using ordering::BatchSource;
  if (has_failed()) return BatchSource::kForever;
  look_at_log();
  const bool has_more = build_indexes();
  if (has_failed()) return BatchSource::kForever;
  const SteadyTime now = std::chrono::steady_clock::now();
  if (free_space_.is_due(now, 0)) look_at_disk();
  if (has_more) return BatchSource::kNoWait;
  return free_space_.is_low() ? now + kBetweenLooksWhenLow : BatchSource::kForever;
}

// What clients wait for may be in the log or not, and may come in a second or in an hour.
void Committer::look_at_log() {
  std::string fault = log_->health().fault;
  if (fault == log_fault_) return;
  log_fault_ = std::move(fault);
  if (log_fault_.empty()) {
    logger_.info("log.reached channel={} position={}", id().value, ledger_->position().value);
    return;
  }
  logger_.warn("log.not_reached channel={} position={} reason={:?}", id().value,
               ledger_->position().value, log_fault_);
  sender().send(std::make_unique<BusEvent>(LogHalted{id()}));
}

void Committer::halt(const Error& why) {
  {
    const MutexLock lock(closed_mutex_);
    halted_ = why.message;
  }
  logger_.error("log.halted channel={} height={} position={} reason={:?}", id().value,
                ledger_->height(), ledger_->position().value, why.message);
  sender().send(std::make_unique<BusEvent>(LogHalted{id()}));
}

// Fabric's rule: a transaction larger than a block should be is cut as soon as it is seen.
std::chrono::nanoseconds Committer::time_to_fill(const OrderedBatch& batch, SteadyTime cut) const {
  const OrderedEnvelope& first = batch.envelopes.front();
  const bool is_oversize = batch.envelopes.size() == 1 && first.size() > block_bytes_preferred_;
  return is_oversize ? std::chrono::nanoseconds(0) : cut - first.ordered;
}

void Committer::observe(const ledger::BlockCommitted& block, std::chrono::nanoseconds took) {
  block_.observe(took);
  validate_.observe(block.took.validate);
  prepare_.observe(block.took.prepare);
  write_.observe(block.took.write);
  fill_.observe(static_cast<double>(block.transactions.size()) / block_transactions_max_);
  count(block.transactions);
}

void Committer::log_missing_private_data(const ledger::BlockCommitted& block) {
  for (const ledger::CommittedTransaction& transaction : block.transactions) {
    if (transaction.private_data_fault.empty()) continue;
    logger_.warn("block.private_data_missing channel={} block={} tx={} reason={:?}",
                 block.channel.value, block.number, transaction.tx_id.value,
                 transaction.private_data_fault);
  }
}

// Neighbours in a block are mostly of one kind; then the counter is not looked up again.
void Committer::count(const std::vector<ledger::CommittedTransaction>& transactions) {
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

Count& Committer::count_of(const ledger::CommittedTransaction& transaction) {
  const auto or_unknown = [](const std::string& name) {
    return name.empty() ? std::string_view("unknown") : std::string_view(name);
  };
  const auto type = static_cast<common::HeaderType>(transaction.kind.type);
  return transactions_.of({or_unknown(common::HeaderType_Name(type)),
                           or_unknown(transaction.kind.chaincode_name),
                           protos::TxValidationCode_Name(transaction.code)});
}

// True while there is more to build.
bool Committer::build_indexes() {
  if (has_failed()) return false;
  auto built = ledger_->build_indexes(kDocumentsPerSlice);
  // Opening the ledger again continues where the disk says.
  if (!built) return reopen(built.error()).has_value();
  if (built->is_complete || built->documents % kDocumentsBetweenLines == kDocumentsPerSlice) {
    logger_.info("index.build channel={} index={} documents={} complete={}",
                 ledger_->channel().value, built->index, built->documents, built->is_complete);
  }
  return built->has_more;
}

void Committer::fail_with(std::string why) noexcept {
  failed_.store(true, std::memory_order_relaxed);
  logger_.error("block.commit_failed channel={} block={} reason={:?} -> stopping",
                ledger_->channel().value, ledger_->height(), why);
  if (last_report_ == nullptr) return;  // It has been told.
  *last_report_ = StopRequested{1, std::move(why)};
  sender().send(std::move(last_report_));
}

bus::NextStatePipe<BusEvent>::Sender& Committer::sender() {
  if (!sender_) sender_.emplace(pipe_.open_sender());
  return *sender_;
}

}  // namespace ccbus
