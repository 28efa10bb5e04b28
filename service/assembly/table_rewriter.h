#pragma once

#include <memory>
#include <queue>
#include <thread>

#include "service/base/cancellation.h"
#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/metrics/metrics.h"

namespace ccbus {

// Rewrites the tables that earlier versions wrote (service/ledger/state/old_tables.h): upkeep of
// the ledgers, one table at a time and one channel after the other, while they commit. What a stop
// leaves is found again at the next start. The log and the counters
// say how far it is.
//
// It has a thread of its own because it may take minutes and nobody waits for it: on a worker it
// would be in the way of what somebody waits for.
class TableRewriter {
 public:
  TableRewriter(Logger& logger, Counters& counters);  // They outlive it.
  ~TableRewriter();                                   // stop().
  TableRewriter(const TableRewriter&) = delete;
  TableRewriter& operator=(const TableRewriter&) = delete;

  // Looks through a ledger's tables soon. A ledger that is gone meanwhile is left out. Any thread.
  void add(std::weak_ptr<const ledger::ChannelLedger> ledger);

  // Ends the thread. May be called more than once. Thread: the owner's. Blocks: until the table
  // that is being rewritten is complete.
  void stop();

 private:
  void run();
  // Returns null once it is to stop.
  [[nodiscard]] std::unique_ptr<std::weak_ptr<const ledger::ChannelLedger>> take();
  void rewrite(const std::weak_ptr<const ledger::ChannelLedger>& waiting);

  Logger& logger_;
  Counters& counters_;
  CancellationSource stopping_;
  const CancellationToken is_stopping_ = stopping_.token();

  Mutex mutex_;
  Condition arrived_;
  std::queue<std::weak_ptr<const ledger::ChannelLedger>> waiting_ CCBUS_GUARDED_BY(mutex_);
  bool is_ending_ CCBUS_GUARDED_BY(mutex_) = false;

  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace ccbus
