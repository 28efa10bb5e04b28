#pragma once

#include <memory>

#include "service/base/clock.h"

namespace ccbus {

// A piece of work that takes too long for the bus thread. It owns or shares all that run() touches,
// and finds again by id what finish() wants to tell, since that may be gone by then.
class Job {
 public:
  virtual ~Job() = default;

  // On a worker thread.
  virtual void run() = 0;

  // On the bus thread, once run() is over.
  virtual void finish(Now now) = 0;

  // On the bus thread, in place of both: the service stops, and whoever waits is to be told.
  virtual void drop() = 0;
};

// Takes jobs. main.cc plugs the workers in; tests run jobs when they like.
class Background {
 public:
  virtual ~Background() = default;

  // Thread: bus thread. Blocks: never. False: too many are waiting, and the job is gone.
  [[nodiscard]] virtual bool submit(std::unique_ptr<Job> job) = 0;
};

}  // namespace ccbus
