#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "service/assembly/wiring.h"
#include "service/base/job.h"
#include "service/base/mutex.h"
#include "service/bus/next_state_pipe.h"
#include "service/chaincode/message/next_state.h"

namespace ccbus {

// The threads that run jobs and preparations. What they have done goes to the bus thread through
// the next-state pipe: a job to be finished there, a next state to its handler.
class Workers final : public Background, public chaincode::Preparers {
 public:
  // The pipe outlives it.
  Workers(std::size_t threads, std::size_t waiting_max, bus::NextStatePipe<BusEvent>& pipe);
  ~Workers() override;  // stop(); nobody is told.
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  bool submit(std::unique_ptr<Job> job) override;
  bool submit(std::unique_ptr<chaincode::Preparation>& preparation) override;

  // Ends the threads, and returns the jobs that waited and will not be run; preparations that
  // waited are destroyed. Any number of times.
  // Blocks: until what runs has ended.
  [[nodiscard]] std::vector<std::unique_ptr<Job>> stop();

 private:
  using Work = std::variant<std::unique_ptr<Job>, std::unique_ptr<chaincode::Preparation>>;

  // False, and `work` is untouched: too much is waiting, or the threads are ending.
  bool add(Work& work);
  void run();
  // nullopt: the threads are ending.
  [[nodiscard]] std::optional<Work> take();

  const std::size_t waiting_max_;
  bus::NextStatePipe<BusEvent>& pipe_;

  Mutex mutex_;  // Held to move a pointer, never during the work.
  Condition arrived_;
  std::deque<Work> waiting_ CCBUS_GUARDED_BY(mutex_);
  bool is_stopping_ CCBUS_GUARDED_BY(mutex_) = false;

  std::vector<std::thread> threads_;  // Last: they use all of the above.
};

}  // namespace ccbus
