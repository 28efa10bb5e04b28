#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "service/assembly/wiring.h"
#include "service/base/job.h"
#include "service/bus/next_state_pipe.h"

namespace ccbus {

// The threads that run jobs; what is done goes back to the bus thread through the next-state pipe.
class Workers final : public Background {
 public:
  // The pipe outlives it.
  Workers(std::size_t threads, std::size_t jobs_max, bus::NextStatePipe<BusEvent>& pipe);
  ~Workers() override;  // stop(); nobody is told.
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  bool submit(std::unique_ptr<Job> job) override;

  // Ends the threads, and returns what waited and will not be run. Any number of times.
  // Blocks: until the jobs that run have ended.
  [[nodiscard]] std::deque<std::unique_ptr<Job>> stop();

 private:
  void run();
  [[nodiscard]] std::unique_ptr<Job> take();

  const std::size_t jobs_max_;
  bus::NextStatePipe<BusEvent>& pipe_;

  std::mutex mutex_;  // Held to move a pointer, never during a job.
  std::condition_variable arrived_;
  // Guarded by mutex_.
  std::deque<std::unique_ptr<Job>> waiting_;
  bool stopping_ = false;

  std::vector<std::thread> threads_;  // Last: they use all of the above.
};

}  // namespace ccbus
