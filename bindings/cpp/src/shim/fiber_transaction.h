#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <zmq.hpp>

#include "bindings/cpp/src/shim/fiber.h"
#include "bindings/cpp/src/shim/outbound_queue.h"
#include "bindings/cpp/src/shim/reply_slot.h"
#include "bindings/cpp/src/shim/running_fiber.h"
#include "bindings/cpp/src/shim/transaction.h"
#include "bindings/cpp/src/shim/turn_watch.h"

namespace ccbus::shim {

class FiberRunner;

// A transaction that runs as a fiber, which is suspended while it waits for a reply. If its code
// holds the stream's thread for long, the stream goes on without it: from then on the transaction
// has that thread for itself, and waits on it like on a worker's.
class FiberTransaction final : public Transaction {
 public:
  FiberTransaction(std::uint64_t stream, protos::ChaincodeMessage message,
                   const Readiness& readiness, FiberRunner& runner);

  // Begins to run on this stack at the first resume().
  void start(const FiberStack& stack);

  // Refuses the transaction, which has no stack.
  [[nodiscard]] zmq::message_t refuse(std::string text) const { return refusal(std::move(text)); }

  // What came of a resume().
  enum class Outcome {
    kSuspended,
    kEnded,  // Take answer().
    kTaken,  // It has ended, and meanwhile the stream has been taken from this thread.
  };
  [[nodiscard]] Outcome resume();
  [[nodiscard]] zmq::message_t answer() { return std::move(answer_); }

  // Returns the stack after the end.
  [[nodiscard]] std::optional<FiberStack> stack() const;

  // The name of the chaincode's function; empty as long as it is not known. Any thread.
  [[nodiscard]] std::string_view function() const {
    return has_function_.load(std::memory_order_acquire) ? running_.function : std::string_view();
  }

  std::string ask(protos::ChaincodeMessage::Type type,
                  const google::protobuf::MessageLite& request) override;
  [[nodiscard]] bool deliver(protos::ChaincodeMessage::Type type,
                             std::string_view payload) override;
  void terminate() override;

 private:
  static void body(void* self);
  void about_to_call(std::string_view function) override {
    running_.set_function(function);
    has_function_.store(true, std::memory_order_release);
  }

  // Returns true if this thread has the stream. If so, enter it again before the code goes on.
  [[nodiscard]] bool leave_code();
  void enter_code();
  void wake();

  // Set once.
  FiberRunner& runner_;
  RunningFiber running_;
  std::atomic<bool> has_function_ = false;

  // The stream's thread.
  std::optional<Fiber> fiber_;  // nullopt: not started.
  bool is_suspended_ = false;

  // The thread that runs it.
  TurnWatch::Turn turn_ = 0;
  bool is_taken_ = false;  // It knows that it has the thread for itself.
  bool has_ended_ = false;
  zmq::message_t answer_;

  ReplySlot reply_;
};

}  // namespace ccbus::shim
