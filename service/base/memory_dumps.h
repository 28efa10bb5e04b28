#pragma once

namespace ccbus {

// For a process that holds secret keys: the kernel writes no core dump of it, and no other process
// of the same user may read its memory or trace it; /proc/PID belongs to root. Call it before the
// first secret is read. A program that is started by exec is not affected.
void forbid_memory_dumps();

}  // namespace ccbus
