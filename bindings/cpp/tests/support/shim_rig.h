#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/cpp/tests/support/scripted_router.h"
#include "ccbus/shim/run.h"

namespace ccbus::testing {

// A chaincode made of one function.
class FunctionChaincode final : public shim::Chaincode {
 public:
  using Function = std::function<shim::Response(shim::Stub&)>;
  explicit FunctionChaincode(Function function) : function_(std::move(function)) {}
  shim::Response invoke(shim::Stub& stub) override { return function_(stub); }

 private:
  Function function_;
};

// Collects the lines of a Shim's log; a test can wait for one.
class LogLines {
 public:
  void add(std::string_view line) {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
    changed_.notify_all();
  }

  // Waits for a line that contains `text`; returns false if there is none in time.
  [[nodiscard]] bool wait_for(std::string_view text) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [this, text] {
      for (const std::string& line : lines_) {
        if (line.find(text) != std::string::npos) return true;
      }
      return false;
    });
  }

  // How many of the lines so far contain `text`.
  [[nodiscard]] std::ptrdiff_t count_of(std::string_view text) {
    const std::lock_guard lock(mutex_);
    return std::count_if(lines_.begin(), lines_.end(), [text](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;  // Guarded by mutex_.
};

// A started Shim with short delays.
class ShimRig {
 public:
  ShimRig(const std::string& endpoint, FunctionChaincode::Function function)
      : ShimRig(endpoint, std::move(function), shim::Options{}) {}

  ShimRig(const std::string& endpoint, FunctionChaincode::Function function, shim::Options options)
      : chaincode_(std::move(function)),
        shim_(with_short_waits(std::move(options), endpoint), chaincode_) {
    shim_.start();
  }

  [[nodiscard]] shim::Shim& shim() { return shim_; }
  [[nodiscard]] LogLines& log() { return log_; }

 private:
  shim::Options with_short_waits(shim::Options options, const std::string& endpoint) {
    options.peer_address = endpoint;
    options.chaincode_id = "basic:1.0";
    options.reconnect_delay_min = std::chrono::milliseconds{1};
    options.reconnect_delay_max = std::chrono::milliseconds{5};
    options.refused_delay_min = std::chrono::milliseconds{1};
    options.log = [this](std::string_view line) { log_.add(line); };
    return options;
  }

  LogLines log_;
  FunctionChaincode chaincode_;
  shim::Shim shim_;
};

}  // namespace ccbus::testing
