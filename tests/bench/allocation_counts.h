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

  // From here on, also who allocates; that makes every allocation some ten times slower.
  void want_stacks() { slots_->stacks_wanted = true; }

  struct Stack {
    std::uint64_t calls = 0;
    std::vector<std::string> functions;  // The innermost first.
  };

  // Of a child that is still there: who has allocated most since want_stacks(), at most so many.
  [[nodiscard]] std::vector<Stack> most_frequent(pid_t child, std::size_t stacks_max) const;

 private:
  const test::TemporaryDirectory directory_;
  const std::filesystem::path file_;
  AllocationSlots* slots_ = nullptr;
};

}  // namespace ccbus::bench
