#pragma once

#include <cstdint>

// Replaces operator new of the program that links this. While a thread is armed, allocations fail
// with std::bad_alloc as the plan says. An allocation is not failed while a function of one of the
// libraries that end the process when memory ends (RocksDB, libzmq, OpenSSL) is on the stack, nor
// while the logger writes.
namespace ccbus::test {

struct MemoryPlan {
  std::uint64_t fail_at = 0;  // The so-many-th armed allocation fails, counted from 1; 0: none.
  std::uint32_t fail_per_1024 = 0;  // Each armed allocation fails with this probability,
  std::uint64_t seed = 0;           // decided by a generator with this seed.
};

// Begins to count anew. Not while a thread is armed.
void plan_memory(const MemoryPlan& plan);

// Armed allocations since then, and how many of them failed.
[[nodiscard]] std::uint64_t allocations_armed();
[[nodiscard]] std::uint64_t allocations_failed();

// Arms the thread as long as it lives.
class Armed {
 public:
  Armed() noexcept;
  ~Armed();
  Armed(const Armed&) = delete;
  Armed& operator=(const Armed&) = delete;
};

}  // namespace ccbus::test
