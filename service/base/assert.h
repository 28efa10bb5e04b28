#pragma once

// Aborts the process, in every build, if the condition is false. For invariants of our own code
// only; bad input is reported as an Error.
#define CCBUS_ASSERT(condition)                                  \
  do {                                                           \
    if (!(condition)) [[unlikely]]                               \
      ::ccbus::assertion_failed(#condition, __FILE__, __LINE__); \
  } while (false)

namespace ccbus {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace ccbus
