#pragma once

#include <sys/types.h>

#include <cstdint>

namespace ccbus::soak {

// What a process uses, from /proc.
struct ProcessUsage {
  std::uint64_t resident_bytes = 0;
  std::uint64_t peak_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t descriptors = 0;
};

// Throws std::runtime_error if there is no such process.
[[nodiscard]] ProcessUsage usage_of(pid_t pid);

}  // namespace ccbus::soak
