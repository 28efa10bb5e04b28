#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>

#include "service/base/clock.h"

namespace ccbus::ordering::kafka {

// An eventfd on which one thread waits, and any can ring.
class Alarm {
 public:
  // Throws std::system_error.
  Alarm() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~Alarm() { close(descriptor_); }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }

  void ring() const {
    eventfd_write(descriptor_, 1);  // It is full only if it rings.
  }

  // Waits until it rings or until that time, whatever comes first, at most a minute.
  void wait(SteadyTime now, SteadyTime until) const {
    constexpr std::chrono::milliseconds kLongest{60'000};
    // A wait that is a little too long costs less than one that ends too early, again and again.
    const auto left = until - now > kLongest
                          ? kLongest
                          : std::chrono::ceil<std::chrono::milliseconds>(until - now);
    pollfd waits{descriptor_, POLLIN, 0};
    if (poll(&waits, 1, static_cast<int>(std::max(left.count(), std::int64_t{0}))) <= 0) return;
    eventfd_t rung = 0;
    eventfd_read(descriptor_, &rung);
  }

 private:
  const int descriptor_;
};

}  // namespace ccbus::ordering::kafka
