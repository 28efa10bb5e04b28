#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>

namespace ccbus::shim {

// The fiber that a thread runs, in the words that a signal handler can print.
struct RunningFiber {
  const std::byte* guard_begin = nullptr;
  const std::byte* guard_end = nullptr;
  std::size_t stack_bytes = 0;
  char function[64] = {};  // The name of the chaincode's function, shortened to fit.

  void set_function(std::string_view name) {
    *std::copy_n(name.data(), std::min(name.size(), sizeof function - 1), function) = '\0';
  }
};

// Of this thread; nullptr outside of fibers. Functions that are not inlined: a compiler may keep
// the address of a thread_local, and a fiber may go on on another thread.
[[nodiscard]] const RunningFiber* running_fiber();
void set_running_fiber(const RunningFiber* fiber);

// Makes an overflow of a fiber's stack end the process with a message that names the function.
// Other faults go on to the handler that was installed before. Only the first call has an effect.
void report_stack_overflows();

// A stack for the signal handlers of this thread, if it has none yet: an overflow leaves no other.
class SignalStack {
 public:
  SignalStack();
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;
  ~SignalStack();

 private:
  std::unique_ptr<std::byte[]> stack_;  // nullptr: the thread has had one.
};

}  // namespace ccbus::shim
