#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/assembly/channel_logs.h"
#include "service/assembly/committer_metrics.h"
#include "service/assembly/free_space.h"
#include "service/assembly/wiring.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/base/ordered_batch.h"
#include "service/bus/next_state_pipe.h"
#include "service/config/config.h"
#include "service/gateway/channels/channels.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/metrics/histogram.h"
#include "service/metrics/labelled_metrics.h"
#include "service/metrics/metrics.h"
#include "service/metrics/single_writer_counter.h"
#include "service/ordering/committer_thread.h"
#include "service/ordering/envelope_queue.h"
#include "service/ordering/log/log.h"
#include "service/ordering/log_feed.h"

namespace ccbus {

// One channel: its ledger, the log that orders its transactions, and the thread that commits them.
// Every block is told to the bus through the next-state pipe.
//
// If the disk refuses a block, the ledger is closed and opened again as soon as the disk takes
// writes; what its log holds then decides whether the block is stored, and if it is not, it is
// committed again. Meanwhile the queue refuses transactions, and the bus is told LedgerClosed. It
// also refuses them while the disk has less free space than limits.diskFreeBytes.
//
// A log that may not be read further halts the channel: it keeps answering from what it has, and
// takes no transactions. The bus is told LogHalted. So it is when a log cannot be reached; then it
// goes on as soon as that can.
//
// Damage stops the service: from then on nothing is committed, and no outcome is reported. So does
// an exception, mostly since memory is exhausted: how far the commit got is then not known.
class Committer {
 public:
  // The log goes on at the position of the ledger. The references outlive it.
  Committer(const Config& config, std::unique_ptr<ledger::ChannelLedger> ledger, ChannelLog log,
            bus::NextStatePipe<BusEvent>& pipe, Logger& logger, Counters& counters);
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  [[nodiscard]] const ChannelId& id() const { return ledger_->channel(); }

  // What the gateway needs of the channel; good as long as this object.
  [[nodiscard]] gateway::Channel channel();

  // Commits what was ordered and ends the thread. Thread: the owner's. Blocks: on the disk.
  void stop() { thread_.stop(); }

  // Any thread. Does not wait for a commit or for the disk.
  [[nodiscard]] CommitterMetrics metrics() const;

 private:
  // Runs a step of the committer's thread. An exception stops the service.
  template <class Step>
  void guarded(Step step) noexcept;
  void commit(OrderedBatch batch);
  void report(ledger::BlockCommitted block);
  // Returns when there is something to do again, if no batch comes before.
  SteadyTime idle();
  void halt(const Error& why);
  void look_at_log();
  bool build_indexes();
  void look_at_disk();
  // What became of a batch whose commit has failed; nullopt if the service stops first.
  [[nodiscard]] std::optional<ledger::BlockCommitted> settle(OrderedBatch batch, Error why);
  // Closes the ledger and opens it again; as ChannelLedger::reopen(). Returns nullopt if the
  // service stops first. Blocks: until the disk takes writes.
  using Reopened = std::optional<ledger::BlockCommitted>;
  [[nodiscard]] std::optional<Reopened> reopen(const Error& why);
  [[nodiscard]] Result<Reopened> try_reopen();
  void tell_closed(const std::string& why);
  void observe(const ledger::BlockCommitted& block, std::chrono::nanoseconds took);
  void log_missing_private_data(const ledger::BlockCommitted& block);
  void count(const std::vector<ledger::CommittedTransaction>& transactions);
  [[nodiscard]] Count& count_of(const ledger::CommittedTransaction& transaction);
  [[nodiscard]] std::chrono::nanoseconds time_to_fill(const OrderedBatch& batch,
                                                      SteadyTime cut) const;
  [[nodiscard]] LogMetrics log_metrics() const;
  [[nodiscard]] bool has_failed() const { return failed_.load(std::memory_order_relaxed); }
  void fail_with(std::string why) noexcept;
  [[nodiscard]] bus::NextStatePipe<BusEvent>::Sender& sender();
  [[nodiscard]] gateway::CommitMetrics commit_metrics() const;

  static constexpr SteadyTime::duration kIdle{0};

  // Set once, then read only.
  bus::NextStatePipe<BusEvent>& pipe_;
  Logger& logger_;
  Counters& counters_;
  const double block_transactions_max_;
  const std::size_t block_bytes_preferred_;
  const std::shared_ptr<ledger::ChannelLedger> ledger_;  // Others read it.

  // Committer thread only. Its socket is closed by the owner, after the thread has ended.
  std::optional<bus::NextStatePipe<BusEvent>::Sender> sender_;
  // Made beforehand, so that no block is committed of which the bus would not be told.
  std::unique_ptr<BusEvent> report_ = std::make_unique<BusEvent>();
  std::unique_ptr<BusEvent> last_report_ = std::make_unique<BusEvent>();  // That it stops.
  FreeSpace free_space_;
  std::string log_fault_;                      // As the bus was told.
  std::chrono::milliseconds until_reopening_;  // Grows with each failure in a row.

  mutable Mutex closed_mutex_;
  std::string closed_ CCBUS_GUARDED_BY(closed_mutex_);  // Empty: the ledger is open.
  std::string halted_ CCBUS_GUARDED_BY(closed_mutex_);  // Empty: the log is read.

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

  const std::unique_ptr<ordering::Log> log_;
  const bool is_log_shared_;
  ordering::EnvelopeQueue queue_;
  ordering::LogFeed feed_;
  ordering::CommitterThread thread_;  // Last: it uses all of the above.
};

}  // namespace ccbus
