#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace ccbus::shim {

// A stack of its own for one fiber: [guard, bottom) must never be touched, and the fiber runs down
// from `top` to `bottom`.
struct FiberStack {
  std::byte* guard;
  std::byte* bottom;
  std::byte* top;

  [[nodiscard]] std::size_t bytes() const { return static_cast<std::size_t>(top - bottom); }
};

// Maps stacks and keeps those that were given back for the next fiber. A page of a stack takes
// memory from the first time that it is touched.
//
// Thread: one at a time.
class StackPool {
 public:
  // `stack_bytes` is rounded up to whole pages.
  explicit StackPool(std::size_t stack_bytes);
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;
  ~StackPool();  // Every stack must have been given back.

  // Returns nullopt if the system maps no more memory.
  [[nodiscard]] std::optional<FiberStack> take();
  void give_back(FiberStack stack);

  [[nodiscard]] std::size_t in_use() const { return in_use_; }

 private:
  std::size_t stack_bytes_;  // Set once.
  std::size_t in_use_ = 0;
  std::vector<FiberStack> free_;  // The last one was used last, so it is the one in the caches.
};

}  // namespace ccbus::shim
