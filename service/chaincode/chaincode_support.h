#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
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

// The chaincode engine: owns the handlers of all connected chaincodes and passes them events that
// carry the time. It holds no socket, thread or clock, so the same engine runs under the ZeroMQ
// loop and under a test.
//
// Thread: bus thread only.
// Blocks: only on reads of the ledger: point reads, and one batch or page of a range.
// Errors: throws nothing, once it is constructed, except report(). An exception while an event is
//         handled becomes the error of its transaction, or the end of its stream; see Handler.
class ChaincodeSupport {
 public:
  // Run what takes too long for the bus thread on other threads.
  struct Threads {
    Preparers& workers;  // For queries.
    Preparers& signers;  // For proposals. Should have room for one of every open transaction.
  };

  // The references outlive the engine, and the preparations that it has submitted.
  ChaincodeSupport(const Options& options, Outbox& outbox, Simulators& simulators, Threads threads,
                   Logger& logger, Counters& counters);
  ChaincodeSupport(const ChaincodeSupport&) = delete;
  ChaincodeSupport& operator=(const ChaincodeSupport&) = delete;
  ~ChaincodeSupport();  // Only after shutdown(), or when no transaction is open (asserted).

  // --- From the loop, one call for each event ----------------------------------------------------

  // A frame came from a chaincode. An empty one is the nil message.
  void on_message(Now now, PeerId peer, std::span<const std::byte> frame) noexcept;

  // The same for a message that was decoded before.
  void on_decoded(Now now, PeerId peer, const MessageView& message) noexcept;

  // A message came that is not one frame, or cannot be handled. It ends the stream.
  void on_malformed(Now now, PeerId peer, std::string_view reason) noexcept;

  // The connection has ended.
  void on_peer_gone(Now now, PeerId peer) noexcept;

  // A next state came through the pipe. If its handler has ended and another one has taken over the
  // transaction that it starts, it goes to that one. Otherwise it is counted and ignored.
  void on_next_state(Now now, NextState next) noexcept;

  // A deadline may have passed.
  void on_timer(Now now) noexcept;

  // The time at which on_timer() has to be called at the latest; nullopt if there is no deadline.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  // Ends every stream, and every open transaction with a failure.
  void shutdown(Now now) noexcept;

  // --- From the gateway --------------------------------------------------------------------------

  // Runs a transaction on the pool member that has the fewest open ones. `done` is called exactly
  // once, possibly before this returns, and may call execute() again. Returns that member, or
  // HandlerId{0} if the transaction was refused.
  HandlerId execute(Now now, Execution execution, PendingCall::Callback done) noexcept;

  // Ends a transaction of the chaincode `ns` for whose result nobody waits any more: `done` is
  // called with kFailed and without a simulator. The chaincode gets no message about it; its later
  // requests are refused. Does nothing if it does not run. `handler` is what execute() has
  // returned.
  void abandon(HandlerId handler, const TxKey& key, std::string_view ns) noexcept;

  struct MemberReport {
    HandlerId handler;
    PeerId peer;
    std::string registered_name;
    State state;
    std::size_t open_transactions;
    std::uint64_t transactions;
    std::chrono::milliseconds connected;
  };

  // The pools by chaincode name, with the oldest member first.
  [[nodiscard]] std::map<std::string, std::vector<MemberReport>> report(Now now) const;

  // Whether a connection has registered, and its stream has not ended.
  [[nodiscard]] bool has_handler(PeerId peer) const { return streams_.find(peer) != nullptr; }
  // The connections with handlers, in no particular order.
  [[nodiscard]] std::vector<PeerId> peers() const;

  // For measuring durations only; deadlines use the time of the events.
  [[nodiscard]] SteadyTime read_clock() const { return environment_.options.read_clock(); }

  // Any thread, during the lifetime of this object.
  [[nodiscard]] const LabelledShimMetrics& metrics() const { return environment_.metrics; }
  [[nodiscard]] const NextStateMetrics& next_state_metrics() const {
    return environment_.next_state_metrics;
  }

 private:
  void receive(Now now, PeerId peer, std::span<const std::byte> frame);
  void fail_message(Now now, PeerId peer, const std::exception& why) noexcept;
  void handle_message(Now now, PeerId peer, Handler* handler, const MessageView& message);
  void end_stream(Now now, PeerId peer, std::string_view reason) noexcept;
  void on_first_message(Now now, PeerId peer, const MessageView& message);
  void reject(PeerId peer, std::string_view why) noexcept;
  void handle(Now now, const NextState& next, NextStateMetrics::Origin origin) noexcept;
  void finish_event(Now now, Handler* handler) noexcept;
  void handle_next_states(Now now) noexcept;
  void retire_if_ended(Now now, Handler& handler) noexcept;
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
