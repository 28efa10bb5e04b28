#include "service/assembly/workers.h"

#include "service/base/assert.h"

#include <utility>

namespace ccbus {
namespace {

// Do the work and return the event for the bus thread.
BusEvent carry_out(std::unique_ptr<Job> job) {
  job->run();
  return job;
}
BusEvent carry_out(const std::unique_ptr<chaincode::Preparation>& preparation) {
  return preparation->prepare();
}

}  // namespace

Workers::Workers(std::size_t threads, std::size_t waiting_max, bus::NextStatePipe<BusEvent>& pipe)
    : waiting_max_(waiting_max), pipe_(pipe) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Workers::~Workers() {
  static_cast<void>(stop());
}

bool Workers::submit(std::unique_ptr<Job> job) {
  Work work(std::move(job));
  return add(work);
}

bool Workers::submit(std::unique_ptr<chaincode::Preparation>& preparation) {
  Work work(std::move(preparation));
  if (add(work)) return true;
  preparation = std::move(std::get<std::unique_ptr<chaincode::Preparation>>(work));
  return false;
}

bool Workers::add(Work& work) {
  {
    const MutexLock lock(mutex_);
    if (waiting_.size() >= waiting_max_ || !work_.enter()) return false;
    waiting_.push_back(std::move(work));
  }
  arrived_.notify_one();
  return true;
}

std::vector<std::unique_ptr<Job>> Workers::stop() {
  std::deque<Work> waiting;
  {
    const MutexLock lock(mutex_);
    work_.close();
    waiting.swap(waiting_);
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
  for (Work& work : waiting) {
    if (auto* job = std::get_if<std::unique_ptr<Job>>(&work)) dropped.push_back(std::move(*job));
  }
  return dropped;
}

std::optional<Workers::Work> Workers::take() {
  const MutexLock lock(mutex_);
  while (!work_.is_closed() && waiting_.empty()) arrived_.wait(mutex_);
  if (work_.is_closed()) return std::nullopt;
  Work work = std::move(waiting_.front());
  waiting_.pop_front();
  return work;
}

void Workers::done() {
  const MutexLock lock(mutex_);
  work_.leave();
}

void Workers::run() {
  auto sender = pipe_.open_sender();
  while (auto work = take()) {
    sender.send(std::make_unique<BusEvent>(
        std::visit([](auto&& one) { return carry_out(std::move(one)); }, std::move(*work))));
    done();
  }
}

}  // namespace ccbus
