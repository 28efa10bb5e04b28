#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "service/assembly/wiring.h"
#include "service/base/cancellation.h"
#include "service/base/fair_queue.h"
#include "service/base/job.h"
#include "service/base/shares.h"
#include "service/chaincode/message/next_state.h"
#include "service/gateway/replies/replies.h"

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

// The stand-in for assembly/workers.h, with its rules: what waits for a worker or a signer, which
// run when the world has one of them run. The owners take turns.
class WorkQueue final : public Background, public chaincode::Preparers {
 public:
  WorkQueue(std::size_t waiting_max, Pipe& pipe) : waiting_max_(waiting_max), pipe_(pipe) {}

  bool submit(std::unique_ptr<Job> job, WorkLabel label) override {
    if (const auto refusal = check_room(label.owner)) {
      job->drop(*refusal);
      return false;
    }
    waiting_.push(label.owner, {std::move(job), nullptr, std::move(label.cancelled)});
    return true;
  }
  bool submit(std::unique_ptr<chaincode::Preparation>& preparation, WorkLabel label) override {
    if (check_room(label.owner)) return false;
    waiting_.push(label.owner, {nullptr, std::move(preparation), std::move(label.cancelled)});
    return true;
  }

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  // A thread does the first piece of work, and what it has made goes into the pipe.
  void run_one() {
    Work work = waiting_.pop();
    const bool is_needed = !work.cancelled.is_cancelled();
    if (work.job != nullptr) {
      is_needed ? work.job->carry_out() : work.job->skip();
      pipe_.send(std::move(work.job));
    } else if (is_needed) {
      pipe_.send(work.preparation->prepare());
    }
  }

  // The threads end. The jobs that were waiting.
  [[nodiscard]] std::vector<std::unique_ptr<Job>> stop() {
    is_stopped_ = true;
    std::vector<std::unique_ptr<Job>> dropped;
    while (!waiting_.empty()) {
      if (Work work = waiting_.pop(); work.job != nullptr) dropped.push_back(std::move(work.job));
    }
    return dropped;
  }

 private:
  struct Work {
    std::unique_ptr<Job> job;
    std::unique_ptr<chaincode::Preparation> preparation;
    CancellationToken cancelled;
  };

  [[nodiscard]] std::optional<Error> check_room(const WorkOwner& owner) const {
    if (is_stopped_) return Error{ErrorCode::kUnavailable, gateway::kShuttingDown};
    if (owner.kind == WorkOwner::Kind::kService) return std::nullopt;
    const std::size_t free = waiting_max_ - std::min(waiting_max_, waiting_.size());
    if (free > 0 && may_take_more(waiting_.size_of(owner), free)) return std::nullopt;
    return Error{ErrorCode::kExhausted, "limits.backgroundJobs is reached"};
  }

  const std::size_t waiting_max_;
  Pipe& pipe_;
  FairQueue<WorkOwner, Work> waiting_;
  bool is_stopped_ = false;
};

}  // namespace ccbus::simulation
