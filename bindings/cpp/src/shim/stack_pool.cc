#include "bindings/cpp/src/shim/stack_pool.h"

#include <sys/mman.h>
#include <unistd.h>

namespace ccbus::shim {
namespace {

// Large enough that a function with a large frame does not step over it.
constexpr std::size_t kGuardBytes = 64 << 10;

// More free stacks than this are unmapped, so that a burst does not keep its memory.
constexpr std::size_t kFreeStacksMax = 256;

std::size_t whole_pages(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

void unmap(const FiberStack& stack) {
  ::munmap(stack.guard, static_cast<std::size_t>(stack.top - stack.guard));
}

}  // namespace

StackPool::StackPool(std::size_t stack_bytes) : stack_bytes_(whole_pages(stack_bytes)) {}

StackPool::~StackPool() {
  for (const FiberStack& stack : free_) unmap(stack);
}

std::optional<FiberStack> StackPool::take() {
  if (free_.empty()) {
    const std::size_t bytes = kGuardBytes + stack_bytes_;
    void* const mapped = ::mmap(nullptr, bytes, PROT_NONE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (mapped == MAP_FAILED) return std::nullopt;
    auto* const guard = static_cast<std::byte*>(mapped);
    const FiberStack stack{guard, guard + kGuardBytes, guard + bytes};
    if (::mprotect(stack.bottom, stack_bytes_, PROT_READ | PROT_WRITE) != 0) {
      unmap(stack);
      return std::nullopt;
    }
    free_.push_back(stack);
  }
  const FiberStack stack = free_.back();
  free_.pop_back();
  ++in_use_;
  return stack;
}

void StackPool::give_back(FiberStack stack) {
  --in_use_;
  if (free_.size() < kFreeStacksMax) {
    free_.push_back(stack);
  } else {
    unmap(stack);
  }
}

}  // namespace ccbus::shim
