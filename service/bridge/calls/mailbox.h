#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>
#include <vector>

#include "service/base/assert.h"
#include "service/base/mutex.h"

namespace ccbus::bridge {

// The door into the bridge's thread for all others: gRPC's threads, of which there are as many as
// gRPC likes, and libzmq's. (bus::NextStatePipe wants a sender for each thread, which nobody could
// give to those.) Events of one thread arrive in order. Its length is bounded by those who post: a
// call has at most a window of messages under way, and as many of the other events as there are.
template <class Event>
class Mailbox {
 public:
  Mailbox() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~Mailbox() { close(descriptor_); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Any thread; never waits for the receiver.
  void post(Event event) CCBUS_EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      events_.push_back(std::move(event));
      if (events_.size() > 1) return;  // Whoever posted the first one has woken the receiver up.
    }
    const std::uint64_t one = 1;
    CCBUS_ASSERT(write(descriptor_, &one, sizeof one) == sizeof one);
  }

  // Takes all events, into `events`, which is empty. The bridge's thread.
  void take(std::vector<Event>& events) CCBUS_EXCLUDES(mutex_) {
    std::uint64_t ignored = 0;
    if (read(descriptor_, &ignored, sizeof ignored) < 0) CCBUS_ASSERT(errno == EAGAIN);
    const MutexLock lock(mutex_);
    events_.swap(events);
  }

  // Readable while there are events.
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
  Mutex mutex_;
  std::vector<Event> events_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::bridge
