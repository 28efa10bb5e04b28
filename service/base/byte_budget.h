#pragma once

#include <atomic>
#include <cstddef>

#include "service/base/assert.h"

namespace ccbus {

// How many bytes several holders may have together. Any thread.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t max) : max_(max) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  // Returns false, and takes nothing, if the budget does not have so much left.
  [[nodiscard]] bool take(std::size_t bytes) {
    const std::size_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
    if (before <= max_ && bytes <= max_ - before) return true;
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  // Takes them in any case: for what is there already.
  void add(std::size_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t max() const { return max_; }

 private:
  const std::size_t max_;
  std::atomic<std::size_t> used_{0};
};

// What one holder has of a budget; given back at the end. One thread at a time.
class ByteShare {
 public:
  // The budget outlives the share.
  explicit ByteShare(ByteBudget& budget) : budget_(budget) {}
  ~ByteShare() { budget_.give_back(bytes_); }
  ByteShare(const ByteShare&) = delete;
  ByteShare& operator=(const ByteShare&) = delete;

  // As ByteBudget.
  [[nodiscard]] bool take(std::size_t bytes) {
    if (!budget_.take(bytes)) return false;
    bytes_ += bytes;
    return true;
  }
  void give_back(std::size_t bytes) {
    CCBUS_ASSERT(bytes <= bytes_);
    bytes_ -= bytes;
    budget_.give_back(bytes);
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] const ByteBudget& budget() const { return budget_; }

 private:
  ByteBudget& budget_;
  std::size_t bytes_ = 0;
};

}  // namespace ccbus
