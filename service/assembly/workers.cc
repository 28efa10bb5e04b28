#include "service/assembly/workers.h"

#include <exception>
#include <string>
#include <utility>

#include "service/base/assert.h"
#include "service/base/shares.h"
#include "service/base/thread_name.h"
#include "service/gateway/replies/replies.h"

namespace ccbus {
namespace {

// Makes the next state; after an exception the one that tells of it.
chaincode::NextState prepare(chaincode::Preparation& preparation) noexcept {
  try {
    return preparation.prepare();
  } catch (const std::exception&) {
    return preparation.failed();
  }
}

}  // namespace

Workers::Workers(const Options& options, bus::NextStatePipe<BusEvent>& pipe, Counters& counters)
    : options_(options), pipe_(pipe), counters_(counters) {
  for (std::size_t i = 0; i < options.threads; ++i) threads_.emplace_back([this] { run(); });
}

Workers::~Workers() {
  static_cast<void>(stop());
}

bool Workers::submit(std::unique_ptr<Job> job, WorkLabel label) {
  Work work{std::move(job), nullptr, nullptr, std::move(label.cancelled)};
  const auto refusal = add(work, label.owner);
  if (refusal) work.job->drop(*refusal);
  return !refusal;
}

bool Workers::submit(std::unique_ptr<chaincode::Preparation>& preparation, WorkLabel label) {
  Work work{nullptr, std::move(preparation), nullptr, std::move(label.cancelled)};
  const auto refusal = add(work, label.owner);
  if (refusal) preparation = std::move(work.preparation);
  return !refusal;
}

std::optional<Error> Workers::add(Work& work, const WorkOwner& owner) {
  bool wakes = false;
  try {
    work.event = std::make_unique<BusEvent>();
    const MutexLock lock(mutex_);
    if (auto refusal = check_room(owner)) return refusal;
    waiting_.push(owner, std::move(work));
    const bool entered = work_.enter();
    CCBUS_ASSERT(entered);  // It is not closed.
    wakes = needs_another_thread();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kExhausted, "out of memory"};
  }
  if (wakes) arrived_.notify_one();
  return std::nullopt;
}

// A thread that is awake takes what waits when its turn ends.
bool Workers::needs_another_thread() const {
  if (idle_threads_ == 0) return false;
  return idle_threads_ == options_.threads || 2 * waiting_.size() >= options_.together_max;
}

// Jobs of the service itself are never too many: the code that submits them bounds their number.
std::optional<Error> Workers::check_room(const WorkOwner& owner) const {
  if (work_.is_closed()) return Error{ErrorCode::kUnavailable, gateway::kShuttingDown};
  if (owner.kind == WorkOwner::Kind::kService) return std::nullopt;
  if (waiting_.size() >= options_.waiting_max) {
    return Error{ErrorCode::kExhausted,
                 "limits.backgroundJobs is reached: too much waits for a worker"};
  }
  const std::size_t held = waiting_.size_of(owner);
  const std::size_t free = options_.waiting_max - waiting_.size();
  if (may_take_more(held, free)) return std::nullopt;
  return Error{ErrorCode::kExhausted,
               std::to_string(held) + " jobs of the same peer wait for a worker, and there is " +
                   "room for only " + std::to_string(free) + " more (limits.backgroundJobs)"};
}

std::vector<std::unique_ptr<Job>> Workers::stop() {
  FairQueue<WorkOwner, Work> waiting;
  {
    const MutexLock lock(mutex_);
    work_.close();
    std::swap(waiting, waiting_);
    work_.leave(waiting.size());
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  {
    const MutexLock lock(mutex_);
    CCBUS_ASSERT(work_.is_drained());
  }
  std::vector<std::unique_ptr<Job>> dropped;
  while (!waiting.empty()) {
    if (Work work = waiting.pop(); work.job != nullptr) dropped.push_back(std::move(work.job));
  }
  return dropped;
}

bool Workers::take(std::vector<Work>& turn) {
  const MutexLock lock(mutex_);
  ++idle_threads_;
  while (!work_.is_closed() && waiting_.empty()) arrived_.wait(mutex_);
  --idle_threads_;
  if (work_.is_closed()) return false;
  while (turn.size() < options_.together_max && !waiting_.empty()) turn.push_back(waiting_.pop());
  return true;
}

void Workers::done(std::size_t works) {
  const MutexLock lock(mutex_);
  work_.leave(works);
}

void Workers::run() {
  name_this_thread(options_.name);
  auto sender = pipe_.open_sender();
  std::vector<Work> turn;
  turn.reserve(options_.together_max);
  std::vector<std::unique_ptr<BusEvent>> events;
  events.reserve(options_.together_max);
  while (take(turn)) {
    for (Work& work : turn) {
      if (auto event = carry_out(std::move(work))) events.push_back(std::move(event));
    }
    for (auto& event : events) sender.send(std::move(event));
    done(turn.size());
    turn.clear();
    events.clear();
  }
}

std::unique_ptr<BusEvent> Workers::carry_out(Work work) noexcept {
  const bool is_needed = !work.cancelled.is_cancelled();
  if (!is_needed) counters_.add(Counter::kWorkSkipped);
  if (work.job != nullptr) {
    is_needed ? work.job->carry_out() : work.job->skip();
    *work.event = std::move(work.job);  // What it holds belongs to the bus thread.
  } else if (is_needed) {
    *work.event = prepare(*work.preparation);
  } else {
    return nullptr;
  }
  return std::move(work.event);
}

}  // namespace ccbus
