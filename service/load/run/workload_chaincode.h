#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/clock.h"
#include "service/load/plan/workload_arguments.h"
#include "service/load/result/outcome_tally.h"

namespace ccbus::load {

// Sends the messages of one dealer, and wakes it at a given time.
class DealerOutbox {
 public:
  virtual ~DealerOutbox() = default;
  virtual void send(const protos::ChaincodeMessage& message) = 0;
  virtual void send_end() = 0;
  // Calls on_wake() with `tx_id` once that time has come.
  virtual void wake_at(SteadyTime time, const std::string& tx_id) = 0;
};

// The built-in chaincode on one connection: registers, and runs any number of transactions at once,
// each as its arguments say (workload_arguments.h). Sans-I/O.
class WorkloadChaincode {
 public:
  // What a frame means for the stream as a whole.
  enum class Reception {
    kNothing,
    kReady,    // Registered, for the first time or again: transactions may arrive.
    kRefused,  // The registration was refused; refusal() says why.
    kEnded,    // The service has ended the stream on its own.
  };

  WorkloadChaincode(std::string name, DealerOutbox& outbox)
      : name_(std::move(name)), outbox_(outbox) {}

  // Sends REGISTER, the first message of the stream.
  void send_register();

  // Handles one frame from the service, and counts requests and their answers in `round_trips`.
  Reception on_frame(SteadyTime now, std::span<const std::byte> frame, OutcomeTally& round_trips);

  // The think time of a transaction is over. Ignored if the transaction has ended in the meantime.
  void on_wake(SteadyTime now, const std::string& tx_id, OutcomeTally& round_trips);

  // Ends the stream and registers again once the service has answered. A transaction that the
  // service sends in between is lost; the service reports that to its client. Only while is_idle().
  void leave_and_return();

  [[nodiscard]] bool is_idle() const { return state_ == State::kReady && running_.empty(); }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

 private:
  enum class State { kNew, kRegistering, kReady, kLeaving, kEnded };

  // One transaction. At most one of its requests is open.
  struct Running {
    std::string channel;
    Task task;
    SteadyTime until;      // When a HoldTask ends.
    SteadyTime asked;      // When the open request was sent.
    std::size_t done = 0;  // Answered requests of the current step.
    enum class Step { kGets, kRange, kThink, kPuts } step = Step::kGets;
    std::string iterator;    // The id of the range query's iterator, between its pages.
    std::string last_value;  // The value that was read last, which is the transaction's result.
  };

  Reception on_empty();
  void begin(SteadyTime now, const protos::ChaincodeMessage& message, OutcomeTally& round_trips);
  void on_answer(SteadyTime now, const protos::ChaincodeMessage& message,
                 OutcomeTally& round_trips);
  void take_answer(Running& running, const protos::ChaincodeMessage& message);

  // What a transaction waits for next: an answer, or to be woken; or that it is complete.
  enum class Next { kAnswer, kWake, kEnd };

  // Sends the transaction's next request, or completes it.
  void advance(SteadyTime now, const std::string& tx_id, Running& running,
               OutcomeTally& round_trips);

  // Sends the transaction's next request if there is one, and returns what it waits for.
  Next ask(SteadyTime now, const std::string& tx_id, Running& running, const RunTask& task);
  Next ask(SteadyTime now, const std::string& tx_id, Running& running, const HoldTask& task);
  Next ask(SteadyTime now, const std::string& tx_id, Running& running, const LoadTask& task);
  void request(const std::string& tx_id, const Running& running,
               protos::ChaincodeMessage::Type type, const google::protobuf::MessageLite& payload);
  void complete(const std::string& tx_id, const std::string& channel, int status,
                const std::string& message, const std::string& payload);

  const std::string name_;
  DealerOutbox& outbox_;
  State state_ = State::kNew;
  std::string refusal_;
  std::unordered_map<std::string, Running> running_;  // By transaction id.
  protos::ChaincodeMessage in_;                       // Reused, to avoid allocations.
  protos::ChaincodeMessage out_;
};

}  // namespace ccbus::load
