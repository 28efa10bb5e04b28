#include "service/ordering/log/embedded_log.h"

#include <utility>

namespace ccbus::ordering {

Result<std::optional<Log::Record>> EmbeddedLog::read(SteadyTime until) {
  if (entries_.empty()) {
    if (until == SteadyTime::min()) return std::nullopt;
    const MutexLock lock(mutex_);
    while (!is_woken_ && woken_.wait_until(mutex_, until)) {
    }
    is_woken_ = false;
    return std::nullopt;
  }
  ++last_.value;
  Record record{last_, std::move(entries_.front()), {}};
  entries_.pop_front();
  return record;
}

void EmbeddedLog::wake() {
  {
    const MutexLock lock(mutex_);
    is_woken_ = true;
  }
  woken_.notify_one();
}

}  // namespace ccbus::ordering
