#pragma once

#include <sys/types.h>

namespace ccbus::bench {

// Returns the private anonymous memory of a process in bytes, from /proc/PID/smaps_rollup: its heap
// and stacks, as far as they are resident.
//
// Errors: std::runtime_error if the process has ended.
[[nodiscard]] double private_memory_of(pid_t process);

}  // namespace ccbus::bench
