#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "service/base/limits.h"
#include "service/ordering/block_cutter.h"
#include "service/ordering/orderer.h"

namespace ccbus::ordering {

// Orders by arrival, within the process, and owns the channel's committer thread. A block closes
// as soon as the committer is free, or earlier at the limits of count and size: one transaction on
// an idle channel waits for nobody, a loaded channel fills its blocks.
class EmbeddedOrderer final : public Orderer {
 public:
  // Called on the committer thread, one batch after the other, never with an empty one. It may
  // take as long as a commit takes.
  using Deliver = std::function<void(Batch)>;

  // Called on the committer thread while nothing waits for a block, and again for as long as it
  // returns true, each time after a look for what has come. It should take a few milliseconds.
  using Idle = std::function<bool()>;

  EmbeddedOrderer(
      const Limits& limits, Deliver deliver, Idle idle = [] { return false; });
  ~EmbeddedOrderer() override;  // stop().
  EmbeddedOrderer(const EmbeddedOrderer&) = delete;
  EmbeddedOrderer& operator=(const EmbeddedOrderer&) = delete;

  [[nodiscard]] Result<void> broadcast(OrderedEnvelope envelope) override;

  // Delivers all that was taken and ends the thread. Any number of times.
  // Thread: the owner's, never the committer's (asserted).
  // Blocks: until the last delivery has returned.
  void stop();

  // Envelopes taken and not yet delivered. Any thread.
  [[nodiscard]] std::size_t waiting() const;

 private:
  void run();
  [[nodiscard]] Batch take();
  void hand_over(Batch batch);

  // Set once, then read only.
  const std::size_t waiting_max_;
  const std::size_t envelope_bytes_max_;
  const Deliver deliver_;
  const Idle idle_;

  // Committer thread only.
  BlockCutter cutter_;
  bool has_idle_work_ = true;  // Perhaps; asked at the start and after every delivery.

  mutable std::mutex mutex_;  // Held to move a few pointers, never during a delivery.
  std::condition_variable arrived_;
  // Guarded by mutex_.
  Batch queue_;
  std::size_t waiting_ = 0;
  bool stopping_ = false;

  std::thread committer_;  // Last: it uses all of the above.
};

}  // namespace ccbus::ordering
