#include "bindings/cpp/src/shim/running_fiber.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <mutex>

namespace ccbus::shim {
namespace {

constexpr std::size_t kSignalStackBytes = 64 << 10;

thread_local const RunningFiber* running = nullptr;

// The process has one handler for SIGSEGV, so this is the process's too.
struct sigaction handler_before;

// Only what a signal handler may call.
void print(std::string_view text) {
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

void print_overflow(const RunningFiber& fiber) {
  std::array<char, 24> number;
  const auto kib = std::to_chars(number.begin(), number.end(), fiber.stack_bytes >> 10);
  print("the chaincode's function \"");
  print(fiber.function);
  print("\" has overflowed its stack of ");
  print({number.data(), static_cast<std::size_t>(kib.ptr - number.data())});
  print(" KiB: set a larger one with --fiber-stack or Options::fiber_stack_bytes\n");
}

void on_fault(int signal, siginfo_t* info, void* context) {
  const RunningFiber* const fiber = running;
  const auto* const address = static_cast<const std::byte*>(info->si_addr);
  if (fiber != nullptr && address >= fiber->guard_begin && address < fiber->guard_end) {
    print_overflow(*fiber);
  } else if ((handler_before.sa_flags & SA_SIGINFO) != 0) {
    return handler_before.sa_sigaction(signal, info, context);
  } else if (handler_before.sa_handler != SIG_DFL && handler_before.sa_handler != SIG_IGN) {
    return handler_before.sa_handler(signal);
  }
  // The instruction faults again, and now ends the process in the ordinary way.
  std::signal(signal, SIG_DFL);
}

}  // namespace

const RunningFiber* running_fiber() {
  return running;
}

void set_running_fiber(const RunningFiber* fiber) {
  running = fiber;
}

void report_stack_overflows() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGSEGV, &action, &handler_before);
  });
}

SignalStack::SignalStack() {
  stack_t stack = {};
  ::sigaltstack(nullptr, &stack);
  if ((stack.ss_flags & SS_DISABLE) == 0) return;
  stack_ = std::make_unique<std::byte[]>(kSignalStackBytes);
  stack.ss_sp = stack_.get();
  stack.ss_size = kSignalStackBytes;
  stack.ss_flags = 0;
  ::sigaltstack(&stack, nullptr);
}

SignalStack::~SignalStack() {
  if (!stack_) return;
  stack_t none = {};
  none.ss_flags = SS_DISABLE;
  ::sigaltstack(&none, nullptr);
}

}  // namespace ccbus::shim
