#pragma once

#include <atomic>
#include <cstddef>

namespace ccbus::bridge {

// The bytes of messages that the bridge holds for all calls, in both directions: received and not
// consumed, or queued and not taken by gRPC. Any thread.
class RpcBytes {
 public:
  explicit RpcBytes(std::size_t max) : max_(max) {}

  void add(std::size_t bytes) { held_.fetch_add(bytes, std::memory_order_relaxed); }
  void take_away(std::size_t bytes) { held_.fetch_sub(bytes, std::memory_order_relaxed); }

  [[nodiscard]] std::size_t held() const { return held_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t max() const { return max_; }
  [[nodiscard]] bool is_exceeded() const { return held() > max_; }

 private:
  const std::size_t max_;
  std::atomic<std::size_t> held_{0};
};

}  // namespace ccbus::bridge
