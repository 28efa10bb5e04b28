#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "service/assembly/wiring.h"
#include "service/base/cancellation.h"
#include "service/base/drain.h"
#include "service/base/fair_queue.h"
#include "service/base/job.h"
#include "service/base/mutex.h"
#include "service/base/result.h"
#include "service/bus/next_state_pipe.h"
#include "service/chaincode/message/next_state.h"
#include "service/metrics/metrics.h"

namespace ccbus {

// The threads that run jobs and preparations. The result goes to the bus thread through the
// next-state pipe: a job is ended there, and a next state goes to its handler.
//
// The owners of the work take turns, and share the room for what waits by the rule of
// may_take_more(). Work that is cancelled before its turn is not done, and counted: a job goes
// back to the bus thread to be dropped, a preparation is destroyed.
class Workers final : public Background, public chaincode::Preparers {
 public:
  struct Options {
    const char* name = "worker";  // Of each of its threads.
    std::size_t threads = 1;
    std::size_t waiting_max = 1;
    // How many pieces of short work a thread takes at once. Their results then reach the bus thread
    // together, which wakes it, and those whom it sends to, once. Another thread is woken when half
    // of that waits.
    std::size_t together_max = 1;
  };

  // The references outlive this object.
  Workers(const Options& options, bus::NextStatePipe<BusEvent>& pipe, Counters& counters);
  ~Workers() override;  // Calls stop(), and destroys the jobs that were not run.
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  bool submit(std::unique_ptr<Job> job, WorkLabel label) override;
  bool submit(std::unique_ptr<chaincode::Preparation>& preparation, WorkLabel label) override;

  // Ends the threads. Returns the jobs that were waiting, which will not be run; preparations that
  // were waiting are destroyed. May be called more than once.
  // Blocks: until the jobs and preparations that are running have ended.
  [[nodiscard]] std::vector<std::unique_ptr<Job>> stop();

 private:
  // A job, or a preparation, and the event that brings its result to the bus thread. The event is
  // made before the work begins, so that no result can be lost for want of memory.
  struct Work {
    std::unique_ptr<Job> job;
    std::unique_ptr<chaincode::Preparation> preparation;
    std::unique_ptr<BusEvent> event;
    CancellationToken cancelled;
  };

  // Returns why the work is refused, and leaves it untouched; nullopt if it was taken.
  [[nodiscard]] std::optional<Error> add(Work& work, const WorkOwner& owner);
  [[nodiscard]] std::optional<Error> check_room(const WorkOwner& owner) const
      CCBUS_REQUIRES(mutex_);
  void run();
  // Waits for work, and appends what one turn takes. Returns false if the threads are ending.
  [[nodiscard]] bool take(std::vector<Work>& turn);
  // Returns the event with the result; null if there is nothing to tell.
  [[nodiscard]] std::unique_ptr<BusEvent> carry_out(Work work) noexcept;
  void done(std::size_t works);
  [[nodiscard]] bool needs_another_thread() const CCBUS_REQUIRES(mutex_);

  const Options options_;
  bus::NextStatePipe<BusEvent>& pipe_;
  Counters& counters_;

  Mutex mutex_;  // Held only to add or take work, never while the work is done.
  Condition arrived_;
  FairQueue<WorkOwner, Work> waiting_ CCBUS_GUARDED_BY(mutex_);
  Drain work_ CCBUS_GUARDED_BY(mutex_);  // Waiting and running.
  std::size_t idle_threads_ CCBUS_GUARDED_BY(mutex_) = 0;

  std::vector<std::thread> threads_;  // Last: they use all of the above.
};

}  // namespace ccbus
