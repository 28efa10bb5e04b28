#pragma once

#include <atomic>
#include <cstdint>

namespace ccbus {

// A sum that one thread adds to and any thread may read. Adding costs a load and a store; a counter
// with several writers would need a locked instruction.
template <class Number>
class SingleWriterCounter {
 public:
  void add(Number by) {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  [[nodiscard]] Number get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Number> value_{0};
};

using Count = SingleWriterCounter<std::uint64_t>;

}  // namespace ccbus
