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

// Counts the allocations of a child process. Start the child with launcher() before its command.
class AllocationCounts {
 public:
  // Errors: std::system_error if its file cannot be created.
  AllocationCounts();
  ~AllocationCounts();
  AllocationCounts(const AllocationCounts&) = delete;
  AllocationCounts& operator=(const AllocationCounts&) = delete;

  // The words that precede the child's own command.
  [[nodiscard]] std::vector<std::string> launcher() const;

  // Throws std::runtime_error if the child has not counted.
  [[nodiscard]] Allocations read(pid_t child) const;

  // From here on it also records the callers, which makes every allocation about ten times slower.
  void want_stacks() { slots_->stacks_wanted = true; }

  struct Stack {
    std::uint64_t calls = 0;
    std::vector<std::string> functions;  // Innermost first.
  };

  // Returns the stacks with the most allocations since want_stacks(). The child must still run.
  [[nodiscard]] std::vector<Stack> most_frequent(pid_t child, std::size_t stacks_max) const;

 private:
  const test::TemporaryDirectory directory_;
  const std::filesystem::path file_;
  AllocationSlots* slots_ = nullptr;
};

}  // namespace ccbus::bench
