#pragma once

#include <functional>
#include <thread>

#include "service/base/clock.h"
#include "service/base/ordered_batch.h"
#include "service/base/result.h"
#include "service/ordering/batch_source.h"

namespace ccbus::ordering {

// The thread on which a channel's blocks are committed. It takes one batch after the other from a
// source, and does idle work while the source has none.
class CommitterThread {
 public:
  // Called on the thread for each batch, in order. It may take as long as a commit takes.
  using Commit = std::function<void(OrderedBatch)>;

  // Called on the thread while there is no batch; returns when it wants to be called again, if
  // there is no batch before. The source is asked before every call. One call should take a few
  // milliseconds at most.
  using Idle = std::function<SteadyTime()>;

  // Called on the thread, once at most: no further batch comes.
  using Halted = std::function<void(Error)>;

  // The source outlives the thread.
  CommitterThread(BatchSource& source, Commit commit, Idle idle, Halted halted);
  ~CommitterThread();  // stop().
  CommitterThread(const CommitterThread&) = delete;
  CommitterThread& operator=(const CommitterThread&) = delete;

  // Stops the source, commits what it still has, and ends the thread. May be called any number of
  // times.
  //
  // Thread: the owner's, never this one (asserted).
  // Blocks: until the last commit has returned.
  void stop();

 private:
  void run();

  // Set once, then read only.
  BatchSource& source_;
  const Commit commit_;
  const Idle idle_;
  const Halted halted_;

  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace ccbus::ordering
