#include "bindings/cpp/src/shim/outbound_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace ccbus::shim {

OutboundQueue::OutboundQueue() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

OutboundQueue::~OutboundQueue() {
  ::close(descriptor_);
}

void OutboundQueue::push(Outbound outbound) {
  bool wakes = false;
  {
    const std::lock_guard lock(mutex_);
    pushed_.push_back(std::move(outbound));
    wakes = std::exchange(asleep_, false);
  }
  if (wakes) signal();
}

void OutboundQueue::wake() {
  {
    const std::lock_guard lock(mutex_);
    asleep_ = false;
  }
  signal();
}

void OutboundQueue::take(std::vector<Outbound>& taken) {
  const std::lock_guard lock(mutex_);
  taken.swap(pushed_);
  asleep_ = taken.empty();
}

void OutboundQueue::awake() {
  std::uint64_t signals = 0;
  // Nothing to read is no error: the caller takes from the queue next.
  static_cast<void>(!::read(descriptor_, &signals, sizeof signals));
}

void OutboundQueue::signal() {
  const std::uint64_t one = 1;
  // An eventfd refuses a write only at almost 2^64 unread signals, and is readable then anyway.
  static_cast<void>(!::write(descriptor_, &one, sizeof one));
}

}  // namespace ccbus::shim
