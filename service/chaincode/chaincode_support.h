#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/calls/calls.h"
#include "service/chaincode/executions/executions.h"
#include "service/chaincode/message/next_state.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/streams.h"
#include "service/chaincode/transaction/pending_call.h"

namespace ccbus::chaincode {

// The chaincode side of the bus: every handler, driven by events that carry the time. It holds no
// socket, thread or clock, so the same engine runs under the ZeroMQ loop and under a test.
//
// Thread: bus thread only.
// Blocks: on a point read of the ledger at worst.
class ChaincodeSupport {
 public:
  // Runs what takes too long for the bus thread, on threads of its own.
  struct Threads {
    Preparers& workers;  // For queries.
    Preparers& signers;  // With room for a preparation of every open transaction.
  };

  // The references outlive it, and so do the preparations that it has submitted.
  ChaincodeSupport(const Options& options, Outbox& outbox, Simulators& simulators, Threads threads,
                   Logger& logger, Counters& counters);
  ChaincodeSupport(const ChaincodeSupport&) = delete;
  ChaincodeSupport& operator=(const ChaincodeSupport&) = delete;
  ~ChaincodeSupport();  // After shutdown(), or with nothing open.

  // --- From the loop, one call for each event ----------------------------------------------------

  // One frame from a chaincode; an empty one is the nil message.
  void on_message(Now now, PeerId peer, std::span<const std::byte> frame);

  // A message that is not one frame.
  void on_malformed(Now now, PeerId peer, std::string_view reason);

  // The connection is gone.
  void on_peer_gone(Now now, PeerId peer);

  // From the next-state pipe. If its handler has ended, a transaction that was not sent yet begins
  // at the handler that has taken it over; everything else is counted and ignored.
  void on_next_state(Now now, NextState next);

  // Some deadline may have passed.
  void on_timer(Now now);

  // When on_timer has to be called at the latest.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  // Ends every stream; the callers of all open transactions are told.
  void shutdown(Now now);

  // --- From the gateway --------------------------------------------------------------------------

  // Runs a transaction on the pool member that has the least to do. `done` is called exactly once,
  // also before this returns, and may call execute() again.
  void execute(Now now, Execution execution, PendingCall::Callback done);

  struct MemberReport {
    HandlerId handler;
    PeerId peer;
    std::string registered_name;
    State state;
    std::size_t open_transactions;
    std::uint64_t transactions;
    std::chrono::milliseconds connected;
  };

  // The pools by chaincode name, members oldest first.
  [[nodiscard]] std::map<std::string, std::vector<MemberReport>> report(Now now) const;

  // To measure with; deadlines come from the events.
  [[nodiscard]] SteadyTime read_clock() const { return environment_.options.read_clock(); }

  // Any thread, as long as this lives.
  [[nodiscard]] const LabelledShimMetrics& metrics() const { return environment_.metrics; }
  [[nodiscard]] const NextStateMetrics& next_state_metrics() const {
    return environment_.next_state_metrics;
  }

 private:
  void on_first_message(Now now, PeerId peer, const MessageView& message);
  void reject(PeerId peer, std::string_view why);
  void handle(Now now, const NextState& next, NextStateMetrics::Origin origin);
  void finish_event(Now now, Handler* handler);
  void handle_next_states(Now now);
  void retire_if_ended(Now now, Handler& handler);
  void schedule_keepalive(Now now, HandlerId handler);
  void keep_memory_small(std::size_t frame_bytes);

  Environment environment_;
  Streams streams_;
  Executions executions_;
  Calls calls_;
  MessageReader reader_;
  bool is_handling_next_states_ = false;
};

}  // namespace ccbus::chaincode
