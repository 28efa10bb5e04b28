#pragma once

namespace ccbus {

// Gives back to the system what large messages have made the allocator keep, if it is much. Any
// thread. Blocks: while the allocator's free memory is looked through, some milliseconds.
void give_memory_back();

}  // namespace ccbus
