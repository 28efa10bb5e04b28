#pragma once

// Stops the process, in every build, when one of our own rules is broken: a bug, never bad input.
#define CCBUS_ASSERT(condition)                                  \
  do {                                                           \
    if (!(condition)) [[unlikely]]                               \
      ::ccbus::assertion_failed(#condition, __FILE__, __LINE__); \
  } while (false)

namespace ccbus {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace ccbus
