#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ccbus::bench {

// A file that two processes map: allocation_counter.cc, loaded into the watched process, writes the
// counts, and AllocationCounts reads them in the other.
struct AllocationSlots {
  static constexpr std::size_t kThreads = 64;  // All further threads share the last slot.
  static constexpr const char* kVariable = "ALLOCATION_COUNTS_FILE";  // Names the file.

  struct Slot {
    std::atomic<pid_t> thread;  // 0: unused.
    std::atomic<std::uint64_t> calls;
  };
  std::array<Slot, kThreads> slots;

  // The callers, if the reader has asked for them: return addresses, innermost first. Stacks that
  // do not fit are left out.
  static constexpr std::size_t kStacks = 1'024;
  static constexpr std::size_t kFrames = 8;

  struct Stack {
    std::atomic<std::uint64_t> hash;  // 0: unused.
    std::atomic<std::uint64_t> calls;
    std::array<std::uintptr_t, kFrames> frames;  // 0 after the outermost.
  };
  std::atomic<bool> stacks_wanted;
  std::array<Stack, kStacks> stacks;
};

}  // namespace ccbus::bench
