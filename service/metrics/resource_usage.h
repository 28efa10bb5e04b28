#pragma once

#include <chrono>
#include <cstdint>

namespace ccbus {

// What this process has used since its start, as the kernel reports it.
struct ResourceUsage {
  std::chrono::microseconds cpu{0};  // User and system time of all threads.
  std::uint64_t resident_bytes = 0;  // 0 if the system does not report it.
};

// Thread: any. Blocks: only while it reads /proc, which needs no disk.
[[nodiscard]] ResourceUsage read_resource_usage();

}  // namespace ccbus
