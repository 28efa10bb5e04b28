#include "bindings/cpp/src/shim/reply_slot.h"

#include <utility>

#include "ccbus/shim/error.h"

namespace ccbus::shim {

void ReplySlot::open() {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kTerminated) throw StreamTerminated();
  if (state_ != State::kIdle)
    throw Error("the transaction waits for another answer: its stub serves one call at a time");
  state_ = State::kOpen;
}

bool ReplySlot::fill(protos::ChaincodeMessage::Type type, std::string_view payload) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kOpen) return false;
  state_ = type == protos::ChaincodeMessage::ERROR ? State::kRefused : State::kAnswered;
  payload_ = payload;
  filled_.notify_one();
  return true;
}

void ReplySlot::terminate() {
  const std::lock_guard lock(mutex_);
  state_ = State::kTerminated;
  filled_.notify_all();
}

bool ReplySlot::is_terminated() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::kTerminated;
}

std::string ReplySlot::take() {
  const std::lock_guard lock(mutex_);
  return take_locked();
}

std::string ReplySlot::wait() {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [this] { return state_ != State::kOpen; });
  return take_locked();
}

std::string ReplySlot::take_locked() {
  if (state_ == State::kTerminated) throw StreamTerminated();
  const State filled = std::exchange(state_, State::kIdle);
  if (filled == State::kRefused) throw Error(payload_);
  return std::move(payload_);
}

}  // namespace ccbus::shim
