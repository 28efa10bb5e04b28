#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "service/base/clock.h"
#include "service/base/limits.h"
#include "service/base/mutex.h"
#include "service/base/shared_room.h"
#include "service/ordering/batch_source.h"
#include "service/ordering/block_cutter.h"
#include "service/ordering/orderer.h"

namespace ccbus::ordering {

// A log within the process: it orders by arrival and keeps nothing on the disk. A batch closes when
// the committer asks for the next one, or earlier at the limits of count and size. So a single
// transaction on an idle channel does not wait for others, and a loaded channel fills its blocks.
// Clients share the queue.
class EmbeddedLog final : public Orderer, public BatchSource {
 public:
  // `applied` is the position of the last batch that the ledger has.
  EmbeddedLog(const Limits& limits, LogPosition applied);

  [[nodiscard]] Result<void> broadcast(OrderedEnvelope envelope) override;
  [[nodiscard]] Next next(Wait wait) override;
  void stop() override;

  // Envelopes taken and not given to the committer yet. Any thread.
  [[nodiscard]] std::size_t waiting() const;

  // From now on every envelope is refused with this error, until accept(). What was taken before
  // stays. Any thread.
  void refuse(Error why);
  void accept();

  // Wait until the log is stopped, or for wait_for_work() also until there is an envelope, at most
  // until that time. Return whether the log is stopped. Thread: the committer's.
  bool wait_for_stop(SteadyTime until);
  bool wait_for_work(SteadyTime until);

 private:
  [[nodiscard]] Next number(Batch batch);

  // Set once, then read only.
  const std::size_t envelope_bytes_max_;

  // Committer thread only.
  BlockCutter cutter_;
  std::deque<Batch> closed_;  // Cut and not given out yet.
  LogPosition last_;          // Of the batch that was given out last.

  mutable Mutex mutex_;  // Held to move a few pointers.
  Condition arrived_;
  Batch queue_ CCBUS_GUARDED_BY(mutex_);
  SharedRoom room_ CCBUS_GUARDED_BY(mutex_);  // Of envelopes that the committer was not given yet.
  bool is_stopped_ CCBUS_GUARDED_BY(mutex_) = false;
  std::optional<Error> refusal_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::ordering
