#include "tests/bench/allocation_counts.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "tests/bench/function_names.h"

namespace ccbus::bench {
namespace {

AllocationSlots* map_new_file(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void* mapped = MAP_FAILED;
  if (descriptor >= 0 && ftruncate(descriptor, sizeof(AllocationSlots)) == 0) {
    mapped =
        mmap(nullptr, sizeof(AllocationSlots), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  }
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (mapped == MAP_FAILED) throw std::system_error(error, std::generic_category(), file.string());
  return static_cast<AllocationSlots*>(mapped);
}

std::vector<std::uintptr_t> frames_of(const AllocationSlots::Stack& stack) {
  const auto end = std::find(stack.frames.begin(), stack.frames.end(), std::uintptr_t{0});
  return {stack.frames.begin(), end};
}

}  // namespace

AllocationCounts::AllocationCounts()
    : file_(directory_.path() / "allocations"), slots_(map_new_file(file_)) {}

AllocationCounts::~AllocationCounts() {
  munmap(slots_, sizeof(AllocationSlots));
}

std::vector<std::string> AllocationCounts::launcher() const {
  return {"/usr/bin/env", std::string("LD_PRELOAD=") + BENCH_ALLOCATION_COUNTER_LIBRARY,
          std::string(AllocationSlots::kVariable) + "=" + file_.string()};
}

Allocations AllocationCounts::read(pid_t child) const {
  Allocations all;
  for (const AllocationSlots::Slot& slot : slots_->slots) {
    auto& side = slot.thread == child ? all.main_thread : all.other_threads;
    side += slot.calls;
  }
  if (all.main_thread == 0) throw std::runtime_error("the child's allocations were not counted");
  return all;
}

std::vector<AllocationCounts::Stack> AllocationCounts::most_frequent(pid_t child,
                                                                     std::size_t stacks_max) const {
  std::vector<const AllocationSlots::Stack*> found;
  for (const AllocationSlots::Stack& stack : slots_->stacks) {
    if (stack.calls > 0) found.push_back(&stack);
  }
  std::sort(found.begin(), found.end(),
            [](const auto* one, const auto* other) { return one->calls > other->calls; });
  if (found.size() > stacks_max) found.resize(stacks_max);
  const FunctionNames names(child);
  std::vector<Stack> stacks;
  for (const AllocationSlots::Stack* stack : found) {
    stacks.push_back({stack->calls, names.of(frames_of(*stack))});
  }
  return stacks;
}

}  // namespace ccbus::bench
