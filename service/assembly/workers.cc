#include "service/assembly/workers.h"

#include <utility>

namespace ccbus {

Workers::Workers(std::size_t threads, std::size_t jobs_max, bus::NextStatePipe<BusEvent>& pipe)
    : jobs_max_(jobs_max), pipe_(pipe) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Workers::~Workers() {
  static_cast<void>(stop());
}

bool Workers::submit(std::unique_ptr<Job> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= jobs_max_) return false;
    waiting_.push_back(std::move(job));
  }
  arrived_.notify_one();
  return true;
}

std::deque<std::unique_ptr<Job>> Workers::stop() {
  std::deque<std::unique_ptr<Job>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  return dropped;
}

// Null: the workers have been stopped.
std::unique_ptr<Job> Workers::take() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (stopping_) return nullptr;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  return job;
}

void Workers::run() {
  auto sender = pipe_.open_sender();
  while (auto job = take()) {
    job->run();
    sender.send(std::make_unique<BusEvent>(std::move(job)));
  }
}

}  // namespace ccbus
