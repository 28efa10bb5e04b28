#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "service/base/assert.h"
#include "service/base/clock.h"

namespace ccbus {

// A piece of work that takes too long for the bus thread. It owns or shares all that run() touches,
// and looks up by id what finish() needs on the bus thread, since that may be gone by then.
class Job {
 public:
  virtual ~Job() = default;

  // On a worker thread.
  virtual void run() = 0;

  // On the bus thread, once run() is over.
  virtual void finish(Now now) = 0;

  // On the bus thread, in place of both, when the service stops: answers what waits for the job.
  virtual void drop() = 0;
};

// A job made of three functions. `run()` is called on a worker; what it returns is handed to
// `finish(now, result)` on the bus thread, or `finish(now)` is called if it returns nothing.
// `drop()` is called on the bus thread in place of both.
template <class Run, class Finish, class Drop>
[[nodiscard]] std::unique_ptr<Job> make_job(Run run, Finish finish, Drop drop) {
  using Result = std::invoke_result_t<Run&>;

  class FunctionsJob final : public Job {
   public:
    FunctionsJob(Run run_function, Finish finish_function, Drop drop_function)
        : run_(std::move(run_function)),
          finish_(std::move(finish_function)),
          drop_(std::move(drop_function)) {}

    void run() override {
      if constexpr (std::is_void_v<Result>) {
        run_();
      } else {
        result_.emplace(run_());
      }
    }
    void finish(Now now) override {
      if constexpr (std::is_void_v<Result>) {
        finish_(now);
      } else {
        CCBUS_ASSERT(result_.has_value());
        finish_(now, std::move(*result_));
      }
    }
    void drop() override { drop_(); }

   private:
    struct Nothing {};

    Run run_;
    Finish finish_;
    Drop drop_;
    std::optional<std::conditional_t<std::is_void_v<Result>, Nothing, Result>> result_;
  };
  return std::make_unique<FunctionsJob>(std::move(run), std::move(finish), std::move(drop));
}

// Runs jobs on worker threads. The service uses assembly/workers.h; tests run jobs themselves.
class Background {
 public:
  virtual ~Background() = default;

  // Thread: bus thread. Blocks: never. False: too many are waiting, and the job is destroyed.
  [[nodiscard]] virtual bool submit(std::unique_ptr<Job> job) = 0;
};

}  // namespace ccbus
