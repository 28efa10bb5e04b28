#include "service/assembly/signals.h"

#include <pthread.h>
#include <systemd/sd-daemon.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "service/base/job.h"

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

// The next signal; 0 if `patience` passed without one.
int next_signal(const sigset_t& signals, std::optional<std::chrono::microseconds> patience) {
  if (!patience) {
    int signal = 0;
    return sigwait(&signals, &signal) == 0 ? signal : kEndOfSignalThread;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*patience);
  timespec time{};
  time.tv_sec = seconds.count();
  time.tv_nsec = std::chrono::nanoseconds(*patience - seconds).count();
  const int signal = sigtimedwait(&signals, nullptr, &time);
  return signal < 0 ? 0 : signal;  // EAGAIN, or EINTR by a signal that is not ours.
}

void run(const sigset_t& signals, bus::NextStatePipe<BusEvent>& pipe,
         const std::function<void()>& reload) {
  auto sender = pipe.open_sender();
  const auto interval = watchdog_interval();
  while (true) {
    switch (const int signal = next_signal(signals, interval)) {
      case kEndOfSignalThread: return;
      case SIGHUP: reload(); break;
      case 0:
        // If the pipe is full the bus thread is late, and systemd is not told that it lives.
        static_cast<void>(sender.try_send(std::make_unique<BusEvent>(sign_of_life())));
        break;
      default:
        sender.send(
            std::make_unique<BusEvent>(StopRequested{0, signal == SIGINT ? "SIGINT" : "SIGTERM"}));
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

SignalThread::SignalThread(const sigset_t& signals, bus::NextStatePipe<BusEvent>& pipe,
                           std::function<void()> reload)
    : thread_([signals, &pipe, reload = std::move(reload)] { run(signals, pipe, reload); }) {}

SignalThread::~SignalThread() {
  pthread_kill(thread_.native_handle(), kEndOfSignalThread);
  thread_.join();
}

void tell_systemd(const char* state) {
  sd_notify(0, state);
}

}  // namespace ccbus
