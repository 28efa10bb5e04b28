#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "service/base/cancellation.h"
#include "service/base/clock.h"
#include "service/base/result.h"

namespace ccbus {

// Who wants a piece of work. What waits for a worker is shared between the owners, and they take
// turns.
struct WorkOwner {
  enum class Kind : std::uint8_t {
    kService,    // The service, which bounds by itself how much of it waits.
    kClient,     // A client's connection; the id is its PeerId.
    kChaincode,  // A chaincode's stream; the id is its HandlerId.
  };

  Kind kind = Kind::kService;
  std::uint64_t id = 0;
  auto operator<=>(const WorkOwner&) const = default;
};

// What goes with a piece of work.
struct WorkLabel {
  WorkOwner owner = {};
  CancellationToken cancelled = {};  // Once it is, the work is not begun.
};

// A piece of work that takes too long for the bus thread. It owns or shares all that run() touches,
// and looks up by id what finish() needs on the bus thread, since that may be gone by then.
class Job {
 public:
  virtual ~Job() = default;

  // On a worker thread: runs it, or does not, since nobody needs it any more. An exception is kept
  // as the reason to drop the job.
  void carry_out() noexcept;
  void skip() noexcept { outcome_ = Outcome::kSkipped; }

  // On the bus thread, once, after either: finishes or drops it.
  void end(Now now);

  // On the bus thread, in place of end(): answers what waits for the job, which will not be run.
  virtual void drop(const Error& why) = 0;

 protected:
  virtual void run() = 0;
  virtual void finish(Now now) = 0;

 private:
  enum class Outcome : std::uint8_t { kRun, kSkipped, kOutOfMemory, kThrew };

  Outcome outcome_ = Outcome::kRun;
  std::string exception_;
};

// A job made of three functions, and of what both ends of it need, such as the request to answer.
// `run()` is called on a worker; what it returns is handed to `finish(now, held, result)` on the
// bus thread, or `finish(now, held)` is called if it returns nothing. `drop(held, why)` is called
// on the bus thread in place of finish() if the job was not run to its end.
template <class Held, class Run, class Finish, class Drop>
[[nodiscard]] std::unique_ptr<Job> make_job(Held held, Run run, Finish finish, Drop drop) {
  using Made = std::invoke_result_t<Run&>;

  class FunctionsJob final : public Job {
   public:
    FunctionsJob(Held&& held, Run&& run_function, Finish&& finish_function, Drop&& drop_function)
        : held_(std::move(held)),
          run_(std::move(run_function)),
          finish_(std::move(finish_function)),
          drop_(std::move(drop_function)) {}

    void drop(const Error& why) override { drop_(std::move(held_), why); }

   protected:
    void run() override {
      if constexpr (std::is_void_v<Made>) {
        run_();
      } else {
        result_.emplace(run_());
      }
    }
    void finish(Now now) override {
      if constexpr (std::is_void_v<Made>) {
        finish_(now, std::move(held_));
      } else {
        finish_(now, std::move(held_), std::move(*result_));
      }
    }

   private:
    struct Nothing {};

    Held held_;  // Bus thread only.
    Run run_;
    Finish finish_;
    Drop drop_;
    std::optional<std::conditional_t<std::is_void_v<Made>, Nothing, Made>> result_;
  };
  return std::make_unique<FunctionsJob>(std::move(held), std::move(run), std::move(finish),
                                        std::move(drop));
}

// A job that holds nothing: `finish(now)`, or `drop()`.
template <class Run, class Finish, class Drop>
[[nodiscard]] std::unique_ptr<Job> make_job(Run run, Finish finish, Drop drop) {
  struct None {};
  return make_job(
      None{}, std::move(run), [finish = std::move(finish)](Now now, None) mutable { finish(now); },
      [drop = std::move(drop)](None, const Error&) mutable { drop(); });
}

// Runs jobs on worker threads. The service uses assembly/workers.h; tests run jobs themselves.
class Background {
 public:
  virtual ~Background() = default;

  // Takes a job. Returns false if too many wait, too many of them are its owner's, or the service
  // is stopping; then the job has been dropped with the reason. A job of the service itself is
  // refused only when it stops.
  //
  // Thread: bus thread. Blocks: never.
  [[nodiscard]] virtual bool submit(std::unique_ptr<Job> job, WorkLabel label) = 0;
};

}  // namespace ccbus

template <>
struct std::hash<ccbus::WorkOwner> {
  std::size_t operator()(const ccbus::WorkOwner& owner) const noexcept {
    return owner.id * 4 + static_cast<std::size_t>(owner.kind);
  }
};
