#pragma once

namespace ccbus {

// Remembers the thread that asked first, to assert that an object is used on that thread alone:
// CCBUS_ASSERT(thread_.is_current()). Costs four instructions.
class OneThread {
 public:
  [[nodiscard]] bool is_current() const {
    if (owner_ == nullptr) owner_ = &mark_of_thread;
    return owner_ == &mark_of_thread;
  }

 private:
  // Its address tells threads apart.
  static constinit inline thread_local char mark_of_thread = 0;

  mutable const char* owner_ = nullptr;  // Nobody's until the first question.
};

}  // namespace ccbus
