#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "service/assembly/wiring.h"
#include "service/base/drain.h"
#include "service/base/job.h"
#include "service/base/mutex.h"
#include "service/bus/next_state_pipe.h"
#include "service/chaincode/message/next_state.h"

namespace ccbus {

// The threads that run jobs and preparations. The result goes to the bus thread through the
// next-state pipe: a job is finished there, and a next state goes to its handler.
class Workers final : public Background, public chaincode::Preparers {
 public:
  // The pipe outlives this object.
  Workers(std::size_t threads, std::size_t waiting_max, bus::NextStatePipe<BusEvent>& pipe);
  ~Workers() override;  // Calls stop(), and destroys the jobs that were not run.
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  bool submit(std::unique_ptr<Job> job) override;
  bool submit(std::unique_ptr<chaincode::Preparation>& preparation) override;

  // Ends the threads. Returns the jobs that were waiting, which will not be run; preparations that
  // were waiting are destroyed. May be called more than once.
  // Blocks: until the jobs and preparations that are running have ended.
  [[nodiscard]] std::vector<std::unique_ptr<Job>> stop();

 private:
  using Work = std::variant<std::unique_ptr<Job>, std::unique_ptr<chaincode::Preparation>>;

  // Returns false, and leaves `work` untouched, if too much is waiting or the threads are ending.
  bool add(Work& work);
  void run();
  // Waits for the next work. Returns nullopt if the threads are ending.
  [[nodiscard]] std::optional<Work> take();
  void done();

  const std::size_t waiting_max_;
  bus::NextStatePipe<BusEvent>& pipe_;

  Mutex mutex_;  // Held only to add or take work, never while the work is done.
  Condition arrived_;
  std::deque<Work> waiting_ CCBUS_GUARDED_BY(mutex_);
  Drain work_ CCBUS_GUARDED_BY(mutex_);  // Waiting and running.

  std::vector<std::thread> threads_;  // Last: they use all of the above.
};

}  // namespace ccbus
