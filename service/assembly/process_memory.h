#pragma once

namespace ccbus {

// Lets all threads share few of the allocator's arenas. By default each thread has one of its own,
// in which the blocks of RocksDB's cache that other threads free leave holes: a quarter of the
// service's memory after some load. To be called before the first thread is made.
void limit_arenas();

// Gives back to the system what large messages have made the allocator keep, if it is much. Any
// thread. Blocks: while the allocator's free memory is looked through, some milliseconds.
void give_memory_back();

}  // namespace ccbus
