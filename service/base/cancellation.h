#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace ccbus {

// Tells work on another thread that nobody needs its result any more. Copyable. Any thread.
class CancellationToken {
 public:
  CancellationToken() = default;  // Is never cancelled.

  [[nodiscard]] bool is_cancelled() const noexcept {
    return flag_ != nullptr && flag_->load(std::memory_order_relaxed);
  }

 private:
  friend class CancellationSource;
  explicit CancellationToken(std::shared_ptr<const std::atomic<bool>> flag)
      : flag_(std::move(flag)) {}

  std::shared_ptr<const std::atomic<bool>> flag_;
};

// Owned by what the work is for. It cancels its tokens when it is destroyed, so that no way in
// which its owner may end is forgotten. One thread.
class CancellationSource {
 public:
  CancellationSource() = default;
  CancellationSource(CancellationSource&&) noexcept = default;
  CancellationSource& operator=(CancellationSource&& other) noexcept {
    cancel();
    flag_ = std::move(other.flag_);
    return *this;
  }
  ~CancellationSource() { cancel(); }

  // The first call allocates; a source that is never asked costs a null pointer.
  [[nodiscard]] CancellationToken token() {
    if (flag_ == nullptr) flag_ = std::make_shared<std::atomic<bool>>(false);
    return CancellationToken(flag_);
  }

  void cancel() noexcept {
    if (flag_ != nullptr) flag_->store(true, std::memory_order_relaxed);
  }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

}  // namespace ccbus
