#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "service/assembly/wiring.h"
#include "service/base/job.h"
#include "service/chaincode/message/next_state.h"

namespace ccbus::simulation {

// The next-state pipe: what other threads have sent to the bus thread, in that order.
class Pipe {
 public:
  void send(BusEvent event) { waiting_.push_back(std::make_unique<BusEvent>(std::move(event))); }
  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] std::unique_ptr<BusEvent> take() {
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
  }

 private:
  std::deque<std::unique_ptr<BusEvent>> waiting_;
};

// The stand-in for assembly/workers.h: what waits for a worker or a signer, which run when the
// world has one of them run.
class WorkQueue final : public Background, public chaincode::Preparers {
 public:
  WorkQueue(std::size_t waiting_max, Pipe& pipe) : waiting_max_(waiting_max), pipe_(pipe) {}

  bool submit(std::unique_ptr<Job> job) override {
    Work work(std::move(job));
    return add(work);
  }
  bool submit(std::unique_ptr<chaincode::Preparation>& preparation) override {
    Work work(std::move(preparation));
    if (add(work)) return true;
    preparation = std::move(std::get<std::unique_ptr<chaincode::Preparation>>(work));
    return false;
  }

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  // A thread does the first piece of work, and what it has made goes into the pipe.
  void run_one() {
    Work work = std::move(waiting_.front());
    waiting_.pop_front();
    if (auto* job = std::get_if<std::unique_ptr<Job>>(&work)) {
      (*job)->run();
      pipe_.send(std::move(*job));
    } else {
      pipe_.send(std::get<std::unique_ptr<chaincode::Preparation>>(work)->prepare());
    }
  }

  // The threads end. The jobs that were waiting.
  [[nodiscard]] std::vector<std::unique_ptr<Job>> stop() {
    is_stopped_ = true;
    std::vector<std::unique_ptr<Job>> dropped;
    for (Work& work : std::exchange(waiting_, {})) {
      if (auto* job = std::get_if<std::unique_ptr<Job>>(&work)) dropped.push_back(std::move(*job));
    }
    return dropped;
  }

 private:
  using Work = std::variant<std::unique_ptr<Job>, std::unique_ptr<chaincode::Preparation>>;

  bool add(Work& work) {
    if (is_stopped_ || waiting_.size() >= waiting_max_) return false;
    waiting_.push_back(std::move(work));
    return true;
  }

  const std::size_t waiting_max_;
  Pipe& pipe_;
  std::deque<Work> waiting_;
  bool is_stopped_ = false;
};

}  // namespace ccbus::simulation
