#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ccbus::bench {

// A file that two processes map: allocation_counter.cc, loaded into the one that is watched, counts
// in it, and AllocationCounts reads in the other.
struct AllocationSlots {
  static constexpr std::size_t kThreads = 64;  // The last slot is of all who come too late for one.
  static constexpr const char* kVariable = "ALLOCATION_COUNTS_FILE";  // Names the file.

  struct Slot {
    std::atomic<pid_t> thread;  // 0: nobody's yet.
    std::atomic<std::uint64_t> calls;
  };
  std::array<Slot, kThreads> slots;

  // Who calls, while the reader wants to know: return addresses, the innermost first. What does not
  // fit any more is left out.
  static constexpr std::size_t kStacks = 1'024;
  static constexpr std::size_t kFrames = 8;

  struct Stack {
    std::atomic<std::uint64_t> hash;  // 0: free.
    std::atomic<std::uint64_t> calls;
    std::array<std::uintptr_t, kFrames> frames;  // 0 after the outermost.
  };
  std::atomic<bool> stacks_wanted;
  std::array<Stack, kStacks> stacks;
};

}  // namespace ccbus::bench
