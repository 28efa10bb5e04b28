#pragma once

#include <thread>

namespace ccbus {

// Remembers the thread that asked first, to assert that an object is used on that thread alone:
// CCBUS_ASSERT(thread_.is_current()).
class OneThread {
 public:
  [[nodiscard]] bool is_current() const {
    if (owner_ == std::thread::id()) owner_ = std::this_thread::get_id();
    return std::this_thread::get_id() == owner_;
  }

 private:
  mutable std::thread::id owner_;  // Nobody's until the first question.
};

}  // namespace ccbus
