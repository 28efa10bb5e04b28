#pragma once

#include <sys/types.h>

namespace ccbus::bench {

// What a process holds that nobody else shares and that cannot be read from a file again: its heap
// and stacks, as far as they are in memory. From /proc/PID/smaps_rollup, in bytes.
//
// Errors: std::runtime_error where the process has ended.
[[nodiscard]] double private_memory_of(pid_t process);

}  // namespace ccbus::bench
