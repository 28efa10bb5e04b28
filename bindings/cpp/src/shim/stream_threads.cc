#include "bindings/cpp/src/shim/stream_threads.h"

#include <pthread.h>

#include <csignal>
#include <system_error>
#include <utility>

#include "bindings/cpp/src/shim/running_fiber.h"

namespace ccbus::shim {

StreamThreads::StreamThreads(std::size_t threads_max, std::function<Outcome()> have_stream)
    : threads_max_(threads_max), have_stream_(std::move(have_stream)) {}

StreamThreads::~StreamThreads() = default;

void StreamThreads::start() {
  const std::lock_guard lock(mutex_);
  threads_.emplace_back([this] { run(); });
}

bool StreamThreads::prepare() {
  const std::lock_guard lock(mutex_);
  if (threads_.size() > busy_) return true;
  if (threads_.size() >= threads_max_) return false;
  try {
    threads_.emplace_back([this] { run(); });
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

void StreamThreads::pass_on() {
  {
    const std::lock_guard lock(mutex_);
    free_ = true;
  }
  changed_.notify_all();
}

void StreamThreads::join(const std::function<void()>& before_joining) {
  {
    std::unique_lock lock(mutex_);
    if (threads_.empty()) return;
    changed_.wait(lock, [this] { return ended_; });
  }
  before_joining();
  // Nobody adds threads any more.
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void StreamThreads::run() {
  // Signals are for the program's own threads; here they would only interrupt the poll. Not so the
  // faults of this thread.
  sigset_t blocked;
  sigfillset(&blocked);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigdelset(&blocked, fault);
  pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
  const SignalStack signal_stack;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return free_ || ended_; });
    if (ended_) return;
    free_ = false;
    ++busy_;
    lock.unlock();
    const Outcome outcome = have_stream_();
    lock.lock();
    --busy_;
    if (outcome != Outcome::kEnded) continue;
    ended_ = true;
    changed_.notify_all();
  }
}

}  // namespace ccbus::shim
