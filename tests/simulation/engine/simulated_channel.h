#pragma once

#include <memory>
#include <optional>
#include <string>

#include "service/base/clock.h"
#include "service/gateway/channels/channels.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ordering/envelope_queue.h"
#include "service/ordering/log/embedded_log.h"
#include "service/ordering/log_feed.h"
#include "tests/simulation/engine/settings.h"
#include "tests/simulation/engine/state_model.h"
#include "tests/simulation/engine/trace.h"
#include "tests/simulation/engine/work_queues.h"

namespace ccbus::simulation {

// One channel: the real ledger and the real log, and the stand-in for the thread of
// assembly/committer.h, with the same rules after an error of the disk.
class SimulatedChannel {
 public:
  // Continues the log at the position of the ledger. The references outlive it.
  SimulatedChannel(const Settings& settings, std::unique_ptr<ledger::ChannelLedger> ledger,
                   Pipe& pipe, StateModel& model, Findings& findings, Trace& trace);

  [[nodiscard]] gateway::Channel channel();
  [[nodiscard]] const ledger::ChannelLedger& ledger() const { return *ledger_; }
  [[nodiscard]] std::size_t waiting() const { return queue_.waiting(); }

  // Whether the committer has something to do, now or at a time that next_try() names.
  [[nodiscard]] bool has_work(SteadyTime now) const;
  [[nodiscard]] std::optional<SteadyTime> next_try() const;
  // True: the ledger is closed after an error.
  [[nodiscard]] bool is_closed() const { return next_try_.has_value(); }

  // One turn of the committer's thread: the next block, or another try to open the ledger.
  void run_one(SteadyTime now);

  // Commits what was ordered and ends the log; what cannot be committed is lost.
  void stop(SteadyTime now);

 private:
  void commit(SteadyTime now, OrderedBatch batch);
  void close(SteadyTime now, const Error& why);
  void reopen(SteadyTime now);
  void publish(const ledger::BlockCommitted& block);
  [[nodiscard]] std::optional<OrderedBatch> next_batch();

  const std::chrono::microseconds commit_;
  Pipe& pipe_;
  StateModel& model_;
  Findings& findings_;
  Trace& trace_;
  const std::shared_ptr<ledger::ChannelLedger> ledger_;
  ordering::EmbeddedLog log_;
  ordering::EnvelopeQueue queue_;
  ordering::LogFeed feed_;
  std::optional<OrderedBatch> held_;    // Of a commit that failed.
  SteadyTime busy_until_{};             // With the last block.
  std::optional<SteadyTime> next_try_;  // While the ledger is closed.
};

}  // namespace ccbus::simulation
