#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// The state of the stream, which the I/O thread sets and other threads read. Any thread.
class Readiness {
 public:
  void ready(protos::ChaincodeAdditionalParams offered) {
    const std::lock_guard lock(mutex_);
    ready_ = true;
    offered_ = std::move(offered);
    changed_.notify_all();
  }

  void lost() {
    const std::lock_guard lock(mutex_);
    ready_ = false;
  }

  void stopped() {
    const std::lock_guard lock(mutex_);
    ready_ = false;
    stopped_ = true;
    changed_.notify_all();
  }

  [[nodiscard]] bool wait(std::chrono::milliseconds timeout) const {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [this] { return ready_ || stopped_; });
    return ready_;
  }

  [[nodiscard]] protos::ChaincodeAdditionalParams offered() const {
    const std::lock_guard lock(mutex_);
    return offered_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool ready_ = false;                         // Guarded by mutex_.
  bool stopped_ = false;                       // Guarded by mutex_.
  protos::ChaincodeAdditionalParams offered_;  // Guarded by mutex_.
};

}  // namespace ccbus::shim
