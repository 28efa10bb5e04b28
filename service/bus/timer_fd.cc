#include "service/bus/timer_fd.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>

#include "service/base/assert.h"

namespace ccbus::bus {

TimerFd::TimerFd() : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
}

TimerFd::~TimerFd() {
  close(fd_);
}

void TimerFd::arm_by(SteadyTime due) {
  if (armed_ && *armed_ <= due) return;
  using std::chrono::nanoseconds;
  // A time that has passed fires at once. Zero is avoided since it would disarm the timer.
  const auto since_boot =
      std::max(std::chrono::duration_cast<nanoseconds>(due.time_since_epoch()), nanoseconds(1));
  itimerspec spec{};
  spec.it_value.tv_sec = since_boot.count() / 1'000'000'000;
  spec.it_value.tv_nsec = since_boot.count() % 1'000'000'000;
  const int set = timerfd_settime(fd_, TFD_TIMER_ABSTIME, &spec, nullptr);
  CCBUS_ASSERT(set == 0);
  armed_ = due;
}

void TimerFd::acknowledge() {
  std::uint64_t expirations = 0;
  // If there is nothing to read, the timer has not fired and is still armed.
  if (read(fd_, &expirations, sizeof expirations) == sizeof expirations) armed_.reset();
}

}  // namespace ccbus::bus
