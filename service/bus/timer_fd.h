#pragma once

#include <optional>

#include "service/base/clock.h"

namespace ccbus::bus {

// The loop's one timer: a descriptor that becomes readable at the nearest deadline.
//
// Thread: bus thread.
// Blocks: never.
class TimerFd {
 public:
  // Throws std::system_error if the kernel does not give a descriptor.
  TimerFd();
  ~TimerFd();
  TimerFd(const TimerFd&) = delete;
  TimerFd& operator=(const TimerFd&) = delete;

  [[nodiscard]] int descriptor() const { return fd_; }

  // Makes the descriptor readable at `due` at the latest. An earlier time that was set before is
  // kept: one wake-up too many costs less than a system call for each transaction.
  void arm_by(SteadyTime due);

  // Resets the descriptor. Call it when the descriptor is readable.
  void acknowledge();

 private:
  const int fd_;
  std::optional<SteadyTime> armed_;
};

}  // namespace ccbus::bus
