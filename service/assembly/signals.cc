#include "service/assembly/signals.h"

#include <pthread.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "service/base/clock.h"
#include "service/base/job.h"
#include "service/base/thread_name.h"

namespace ccbus {
namespace {

constexpr int kEndOfSignalThread = SIGUSR1;

// Tells systemd that the service lives; carried out by the bus thread if it still turns.
std::unique_ptr<Job> sign_of_life() {
  return make_job([] {}, [](Now) { tell_systemd("WATCHDOG=1"); }, [] {});
}

// Half of WatchdogSec, as sd_watchdog_enabled(3) advises.
std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t limit = 0;
  if (sd_watchdog_enabled(0, &limit) <= 0) return std::nullopt;
  return std::chrono::microseconds(limit / 2);
}

// The next signal; 0 if none came until then.
int next_signal(const sigset_t& signals, SteadyTime until) {
  const auto patience = std::max(until - std::chrono::steady_clock::now(), SteadyTime::duration(0));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  timespec time{};
  time.tv_sec = seconds.count();
  time.tv_nsec = std::chrono::nanoseconds(patience - seconds).count();
  const int signal = sigtimedwait(&signals, nullptr, &time);
  return signal < 0 ? 0 : signal;  // EAGAIN, or EINTR by a signal that is not ours.
}

// Something that is done again and again; never without an interval.
class Periodic {
 public:
  Periodic(SteadyTime now, std::optional<std::chrono::microseconds> interval)
      : interval_(interval.value_or(std::chrono::microseconds(0))),
        due_(interval ? now + *interval : kNever) {}

  [[nodiscard]] SteadyTime due() const { return due_; }
  // Returns true once in each interval.
  [[nodiscard]] bool is_due(SteadyTime now) {
    if (now < due_) return false;
    due_ = now + interval_;
    return true;
  }

 private:
  const std::chrono::microseconds interval_;
  SteadyTime due_;
};

// An exception, mostly since memory is exhausted, costs one sign of life, summary or reload.
template <class Step>
void guarded(Step step) noexcept {
  try {
    step();
  } catch (const std::exception&) {
  }
}

void run(const sigset_t& signals, bus::NextStatePipe<BusEvent>& pipe,
         const SignalThread::Calls& calls) {
  auto sender = pipe.open_sender();
  auto stop = std::make_unique<BusEvent>();  // Made beforehand: a signal to stop is not lost.
  Periodic watchdog(std::chrono::steady_clock::now(), watchdog_interval());
  Periodic second(std::chrono::steady_clock::now(), std::chrono::seconds(1));
  while (true) {
    const int signal = next_signal(signals, std::min(watchdog.due(), second.due()));
    const SteadyTime now = std::chrono::steady_clock::now();
    // If the pipe is full the bus thread is late, and systemd is not told that it lives.
    if (watchdog.is_due(now)) {
      guarded(
          [&] { static_cast<void>(sender.try_send(std::make_unique<BusEvent>(sign_of_life()))); });
    }
    if (second.is_due(now)) guarded(calls.every_second);
    switch (signal) {
      case kEndOfSignalThread: return;
      case SIGHUP: guarded(calls.reload); break;
      case 0: break;
      default:
        *stop = StopRequested{0, signal == SIGINT ? "SIGINT" : "SIGTERM"};
        sender.send(std::move(stop));
        stop = std::make_unique<BusEvent>();
    }
  }
}

}  // namespace

sigset_t block_signals() {
  sigset_t signals{};
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, kEndOfSignalThread}) {
    sigaddset(&signals, signal);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

SignalThread::SignalThread(const sigset_t& signals, bus::NextStatePipe<BusEvent>& pipe, Calls calls)
    : thread_([signals, &pipe, calls = std::move(calls)] {
        name_this_thread("signals");
        run(signals, pipe, calls);
      }) {}

SignalThread::~SignalThread() {
  pthread_kill(thread_.native_handle(), kEndOfSignalThread);
  thread_.join();
}

void tell_systemd(const char* state) {
  sd_notify(0, state);
}

}  // namespace ccbus
