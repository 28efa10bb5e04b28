#pragma once

#include <memory>

#include "service/base/clock.h"

namespace ccbus {

// Work that takes too long for the bus thread. It owns or shares everything that run() uses.
// finish() looks up by id whatever it reports to, which may have ended in the meantime.
class Job {
 public:
  virtual ~Job() = default;

  // Does the work. Thread: a worker.
  virtual void run() = 0;

  // Delivers the result, after run() has returned. Thread: bus.
  virtual void finish(Now now) = 0;

  // Called instead of both when the service stops: tells whatever waits for the result that there
  // will be none. Thread: bus.
  virtual void drop() = 0;
};

// A bounded queue of jobs. main.cc passes in the worker threads; tests run the jobs themselves.
class Background {
 public:
  virtual ~Background() = default;

  // Returns false, and destroys the job, if too many jobs are waiting. Thread: bus. Blocks: never.
  [[nodiscard]] virtual bool submit(std::unique_ptr<Job> job) = 0;
};

}  // namespace ccbus
