#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// The place for the reply to a transaction's open request, of which it has one at most. Any thread.
class ReplySlot {
 public:
  // The transaction sends a request next. Errors: StreamTerminated; Error if one is open.
  void open();

  // Returns false if no request is open. `type` is RESPONSE or ERROR.
  [[nodiscard]] bool fill(protos::ChaincodeMessage::Type type, std::string_view payload);

  // The stream has ended: fails the open request and every later one.
  void terminate();
  [[nodiscard]] bool is_terminated() const;

  // Returns the payload of the reply. The slot has been filled or terminated; wait() waits for it.
  // Errors: Error with the peer's text; StreamTerminated.
  [[nodiscard]] std::string take();
  [[nodiscard]] std::string wait();

 private:
  enum class State { kIdle, kOpen, kAnswered, kRefused, kTerminated };

  [[nodiscard]] std::string take_locked();

  mutable std::mutex mutex_;
  std::condition_variable filled_;
  State state_ = State::kIdle;  // Guarded by mutex_.
  std::string payload_;         // Guarded by mutex_.
};

}  // namespace ccbus::shim
