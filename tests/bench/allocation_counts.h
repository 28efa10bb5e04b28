#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/allocation_slots.h"
#include "tests/support/process.h"

namespace ccbus::bench {

// Calls that returned new memory.
struct Allocations {
  std::uint64_t main_thread = 0;
  std::uint64_t other_threads = 0;
};

// How often a child has allocated so far: start it by the words of launcher().
class AllocationCounts {
 public:
  // Errors: std::system_error where its file cannot be made.
  AllocationCounts();
  ~AllocationCounts();
  AllocationCounts(const AllocationCounts&) = delete;
  AllocationCounts& operator=(const AllocationCounts&) = delete;

  // What stands before the child's own command.
  [[nodiscard]] std::vector<std::string> launcher() const;

  // Throws std::runtime_error where the child has not counted at all.
  [[nodiscard]] Allocations read(pid_t child) const;

 private:
  const test::TemporaryDirectory directory_;
  const std::filesystem::path file_;
  const AllocationSlots* slots_ = nullptr;
};

}  // namespace ccbus::bench
