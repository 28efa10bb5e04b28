#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "service/base/clock.h"
#include "service/base/limits.h"
#include "service/base/mutex.h"
#include "service/base/shared_room.h"
#include "service/ordering/block_cutter.h"
#include "service/ordering/orderer.h"

namespace ccbus::ordering {

class Log;

// The envelopes of this process's clients on their way into a channel's log, in the order of their
// arrival. Clients share it; an envelope takes its room until it is given back.
class EnvelopeQueue final : public Orderer {
 public:
  // Whether private data may stand in the log as they are, since nobody else reads it.
  enum class PrivateData { kTaken, kRefused };

  // The log is woken when an envelope comes, and outlives the queue.
  EnvelopeQueue(const Limits& limits, Log& log, PrivateData private_data = PrivateData::kTaken);

  [[nodiscard]] Result<void> broadcast(OrderedEnvelope envelope) override;

  // Envelopes that take room. Any thread.
  [[nodiscard]] std::size_t waiting() const;

  // Who has reasons to take nothing.
  enum class Refuser { kLedger, kLog };

  // From now on every envelope is refused with this error, until accept(). What was taken before
  // stays. Any thread.
  void refuse(Refuser refuser, Error why);
  void accept(Refuser refuser);

  // From now on every envelope is refused for good. Any thread.
  void stop();
  [[nodiscard]] bool is_stopped() const;

  // Waits until the queue is stopped, at most until that time. Returns whether it is.
  // Thread: the committer's.
  bool wait_for_stop(SteadyTime until);

  // All that came since the last call. Thread: the committer's.
  [[nodiscard]] Batch take();

  // What was taken takes no more room.
  void give_back(const Batch& batch);

 private:
  static constexpr std::size_t kRefusers = 2;

  // Set once, then read only.
  const std::size_t envelope_bytes_max_;
  const PrivateData private_data_;
  Log& log_;

  mutable Mutex mutex_;  // Held to move a few pointers.
  Condition stopped_;
  Batch queue_ CCBUS_GUARDED_BY(mutex_);
  SharedRoom room_ CCBUS_GUARDED_BY(mutex_);
  bool is_stopped_ CCBUS_GUARDED_BY(mutex_) = false;
  std::array<std::optional<Error>, kRefusers> refusals_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::ordering
