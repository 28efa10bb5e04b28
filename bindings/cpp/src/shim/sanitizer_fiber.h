#pragma once

#include <cstddef>

#include "bindings/cpp/src/shim/stack_pool.h"

// bindings/cpp/CMakeLists.txt defines one of these in a build with that sanitizer.
#if defined(CCBUS_FIBERS_ADDRESS)
#include <sanitizer/common_interface_defs.h>
#elif defined(CCBUS_FIBERS_THREAD)
#include <sanitizer/tsan_interface.h>
#endif

namespace ccbus::shim {

// Tells AddressSanitizer or ThreadSanitizer at each switch which stack runs from now on. Does
// nothing in other builds. Call each function directly before or after the switch.
class SanitizerFiber {
 public:
#if defined(CCBUS_FIBERS_ADDRESS)
  void before_resume(const FiberStack& stack) {
    __sanitizer_start_switch_fiber(&resumer_frames_, stack.bottom, stack.bytes());
  }
  void after_resume() {
    __sanitizer_finish_switch_fiber(resumer_frames_, nullptr, nullptr);
  }
  void body_resumed() {
    __sanitizer_finish_switch_fiber(frames_, &resumer_bottom_, &resumer_bytes_);
  }
  void before_suspend() {
    __sanitizer_start_switch_fiber(&frames_, resumer_bottom_, resumer_bytes_);
  }
  void body_ends() {
    __sanitizer_start_switch_fiber(nullptr, resumer_bottom_, resumer_bytes_);
  }

 private:
  void* frames_ = nullptr;
  void* resumer_frames_ = nullptr;
  const void* resumer_bottom_ = nullptr;
  std::size_t resumer_bytes_ = 0;
#elif defined(CCBUS_FIBERS_THREAD)
  SanitizerFiber() : fiber_(__tsan_create_fiber(0)) {}
  SanitizerFiber(const SanitizerFiber&) = delete;
  SanitizerFiber& operator=(const SanitizerFiber&) = delete;
  ~SanitizerFiber() {
    __tsan_destroy_fiber(fiber_);
  }

  void before_resume(const FiberStack&) {
    resumer_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber_, 0);
  }
  void after_resume() {}
  void body_resumed() {}
  void before_suspend() {
    __tsan_switch_to_fiber(resumer_, 0);
  }
  void body_ends() {
    before_suspend();
  }

 private:
  void* const fiber_;
  void* resumer_ = nullptr;
#else
  void before_resume(const FiberStack&) {}
  void after_resume() {}
  void body_resumed() {}
  void before_suspend() {}
  void body_ends() {}
#endif
};

}  // namespace ccbus::shim
