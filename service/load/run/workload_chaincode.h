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

// Where one dealer's messages go, and who wakes it.
class DealerOutbox {
 public:
  virtual ~DealerOutbox() = default;
  virtual void send(const protos::ChaincodeMessage& message) = 0;
  virtual void send_end() = 0;
  // Calls on_wake() with it once that time has come.
  virtual void wake_at(SteadyTime time, const std::string& tx_id) = 0;
};

// The built-in chaincode on one connection: registers, and runs any number of transactions at once,
// each as its arguments say (workload_arguments.h). Sans-I/O.
class WorkloadChaincode {
 public:
  // What a frame has brought about for the stream as a whole.
  enum class Reception {
    kNothing,
    kReady,    // Registered, perhaps again: transactions may come.
    kRefused,  // The registration; refusal() says why.
    kEnded,    // The service has ended the stream unasked.
  };

  WorkloadChaincode(std::string name, DealerOutbox& outbox)
      : name_(std::move(name)), outbox_(outbox) {}

  // Says the first word of the stream.
  void enroll();

  // One frame from the service. Requests and their answers are told to `round_trips`.
  Reception on_frame(SteadyTime now, std::span<const std::byte> frame, OutcomeTally& round_trips);

  // A transaction has thought for as long as it was to. One that has ended meanwhile is passed
  // over.
  void on_wake(SteadyTime now, const std::string& tx_id, OutcomeTally& round_trips);

  // Ends the stream and registers again once the service has taken note. A transaction that is on
  // its way here meanwhile is lost, and the service tells its client so. Only while is_idle().
  void leave_and_return();

  [[nodiscard]] bool is_idle() const { return state_ == State::kReady && running_.empty(); }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

 private:
  enum class State { kNew, kRegistering, kReady, kLeaving, kEnded };

  // One transaction. At most one of its requests is under way.
  struct Running {
    std::string channel;
    Task task;
    SteadyTime until;      // Of a HoldTask.
    SteadyTime asked;      // When the request under way was sent.
    std::size_t done = 0;  // Requests of the present step that were answered.
    enum class Step { kGets, kRange, kThink, kPuts } step = Step::kGets;
    std::string iterator;    // Of the range, between its pages.
    std::string last_value;  // The answer: what was read last.
  };

  Reception on_empty();
  void begin(SteadyTime now, const protos::ChaincodeMessage& message, OutcomeTally& round_trips);
  void on_answer(SteadyTime now, const protos::ChaincodeMessage& message,
                 OutcomeTally& round_trips);
  void take_answer(Running& running, const protos::ChaincodeMessage& message);

  // What a transaction waits for next: an answer, or that it is woken; or nothing more.
  enum class Next { kAnswer, kWake, kEnd };

  // Takes it there, and completes it at its end.
  void go_on(SteadyTime now, const std::string& tx_id, Running& running, OutcomeTally& round_trips);

  // Sends the transaction's next request, if there is one.
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
  protos::ChaincodeMessage in_;                       // Used again, to spare its memory.
  protos::ChaincodeMessage out_;
};

}  // namespace ccbus::load
