#pragma once

#include <boost/context/fiber.hpp>

#include "bindings/cpp/src/shim/sanitizer_fiber.h"
#include "bindings/cpp/src/shim/stack_pool.h"

namespace ccbus::shim {

// A function on a stack of its own, which can be suspended in the middle and resumed later, also by
// another thread. The exceptions that the function is handling are suspended with it: `throw;` and
// std::uncaught_exceptions() afterwards mean those of this function.
//
// Thread: resume() by one thread at a time.
class Fiber {
 public:
  // Runs `body(argument)`, which must not throw, at the first resume().
  Fiber(const FiberStack& stack, void (*body)(void*), void* argument);
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber();  // The function must have ended. The stack may then be used again.

  // Returns when the function has suspended itself or ended.
  void resume();

  // Within the function: returns at the next resume().
  void suspend();

  [[nodiscard]] const FiberStack& stack() const { return stack_; }

 private:
  // What the C++ runtime keeps for each thread: __cxa_eh_globals of the Itanium C++ ABI.
  struct Exceptions {
    void* caught = nullptr;
    unsigned uncaught = 0;
  };

  boost::context::fiber run(boost::context::fiber&& resumer);

  const FiberStack stack_;
  void (*const body_)(void*);
  void* const argument_;
  Exceptions exceptions_;          // Of the function, while it is suspended.
  boost::context::fiber context_;  // The function's, while it is suspended.
  boost::context::fiber resumer_;  // The context that resumed it, while it runs.
  SanitizerFiber sanitizer_;
};

}  // namespace ccbus::shim
