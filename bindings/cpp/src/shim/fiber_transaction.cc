#include "bindings/cpp/src/shim/fiber_transaction.h"

#include <utility>

#include "bindings/cpp/src/shim/fiber_runner.h"
#include "ccbus/shim/error.h"

namespace ccbus::shim {

FiberTransaction::FiberTransaction(std::uint64_t stream, protos::ChaincodeMessage message,
                                   const Readiness& readiness, FiberRunner& runner)
    : Transaction(stream, std::move(message), readiness), runner_(runner) {}

void FiberTransaction::start(const FiberStack& stack) {
  running_.guard_begin = stack.guard;
  running_.guard_end = stack.bottom;
  running_.stack_bytes = stack.bytes();
  fiber_.emplace(stack, &FiberTransaction::body, this);
}

std::optional<FiberStack> FiberTransaction::stack() const {
  if (!fiber_) return std::nullopt;
  return fiber_->stack();
}

FiberTransaction::Outcome FiberTransaction::resume() {
  set_running_fiber(&running_);
  fiber_->resume();
  set_running_fiber(nullptr);
  if (is_taken_) return Outcome::kTaken;
  return has_ended_ ? Outcome::kEnded : Outcome::kSuspended;
}

void FiberTransaction::body(void* self) {
  auto& transaction = *static_cast<FiberTransaction*>(self);
  transaction.enter_code();
  if (!transaction.reply_.is_terminated())
    transaction.answer_ = transaction.execute(transaction.runner_.chaincode());
  static_cast<void>(transaction.leave_code());
  transaction.has_ended_ = true;
}

std::string FiberTransaction::ask(protos::ChaincodeMessage::Type type,
                                  const google::protobuf::MessageLite& request) {
  if (running_fiber() != &running_)
    throw Error(
        "a stub was called on another thread than its transaction's: call it where invoke() runs");
  zmq::message_t message = encoded(type, request);
  reply_.open();
  if (!leave_code()) {
    runner_.outbound().push({this, std::move(message), false});
    return reply_.wait();
  }
  is_suspended_ = true;
  runner_.send({this, std::move(message), false});
  fiber_->suspend();
  enter_code();
  return reply_.take();
}

bool FiberTransaction::deliver(protos::ChaincodeMessage::Type type, std::string_view payload) {
  if (!reply_.fill(type, payload)) return false;
  wake();
  return true;
}

void FiberTransaction::terminate() {
  reply_.terminate();
  wake();
}

void FiberTransaction::wake() {
  if (!std::exchange(is_suspended_, false)) return;
  runner_.wake(*this);
}

bool FiberTransaction::leave_code() {
  if (!is_taken_) is_taken_ = !runner_.watch().leave(turn_);
  return !is_taken_;
}

void FiberTransaction::enter_code() {
  turn_ = runner_.watch().enter();
}

}  // namespace ccbus::shim
