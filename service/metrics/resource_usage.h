#pragma once

#include <chrono>
#include <cstdint>

namespace ccbus {

// What this process has used so far, as the kernel has it.
struct ResourceUsage {
  std::chrono::microseconds cpu{0};  // User and system, of all threads.
  std::uint64_t resident_bytes = 0;  // 0 where the system does not say.
};

// Any thread. Blocks: on /proc, which is no disk.
[[nodiscard]] ResourceUsage read_resource_usage();

}  // namespace ccbus
