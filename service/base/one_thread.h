#pragma once

#include <thread>

namespace ccbus {

// Remembers the thread that made it, to assert that an object is used on that thread alone:
// CCBUS_ASSERT(thread_.is_current()).
class OneThread {
 public:
  [[nodiscard]] bool is_current() const { return std::this_thread::get_id() == owner_; }

 private:
  const std::thread::id owner_ = std::this_thread::get_id();
};

}  // namespace ccbus
