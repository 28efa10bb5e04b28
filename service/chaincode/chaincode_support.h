#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/chaincode/invocation_rules.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/handler.h"
#include "service/chaincode/stream/next_state.h"
#include "service/chaincode/transaction/pending_call.h"

namespace ccbus::chaincode {

// One transaction to run.
struct Execution {
  TxKey key;
  std::string chaincode_name;  // Picks the pool, and is the ledger namespace.
  std::string input;           // An encoded protos.ChaincodeInput.
  bool is_init = false;        // Asks for INIT in place of TRANSACTION.
  std::string creator_msp_id;  // Whose permission private data ask for.
  protos::SignedProposal proposal;
  std::unique_ptr<ledger::TxSimulator> simulator;  // Never null.
  std::vector<Callee> callers = {};                // Of a callee: who called, the outermost first.
  std::uint64_t call_serial = 0;                   // Of a callee: the open request that waits.
};

// The chaincode side of the bus: every handler, driven by events that carry the time. It holds no
// socket, thread or clock, so the same engine runs under the ZeroMQ loop and under a test.
//
// Thread: bus thread only.
// Blocks: on a point read of the ledger at worst.
class ChaincodeSupport final : private Callees {
 public:
  // The references outlive it. Jobs that it has submitted are finished before it goes, or never.
  ChaincodeSupport(const Options& options, Outbox& outbox, Simulators& simulators,
                   Background& background, Logger& logger, Counters& counters);
  ~ChaincodeSupport() override;  // After shutdown(), or with nothing open.

  // --- From the loop, one call for each event ----------------------------------------------------

  // One frame from a chaincode; an empty one is the nil message.
  void on_message(Now now, PeerId peer, std::span<const std::byte> frame);

  // A message that is not one frame.
  void on_malformed(Now now, PeerId peer, std::string_view reason);

  // The connection is gone.
  void on_peer_gone(Now now, PeerId peer);

  // From the next-state pipe. A handler that has ended meanwhile is no fault.
  void on_next_state(Now now, NextState next);

  // Some deadline may have passed.
  void on_timer(Now now);

  // When on_timer has to be called at the latest.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  // Ends every stream; whoever waits for a transaction is told.
  void shutdown(Now now);

  // --- From the gateway --------------------------------------------------------------------------

  // Runs a transaction on the pool member that has the least to do. `done` is called exactly once,
  // perhaps before this returns, and may call execute() again.
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

 private:
  class QueryJob;

  // Callees, for the handlers.
  Result<void> call(Now now, HandlerId caller, TransactionContext& context,
                    CallChaincode call) override;
  std::unique_ptr<ledger::TxSimulator> abandon(std::uint64_t serial) override;
  bool read_ahead(HandlerId handler, const TransactionContext& context,
                  std::shared_ptr<QueryTask> task) override;
  void finish_call(HandlerId caller, const TxKey& key, std::uint64_t serial,
                   ExecutionResult result);
  void finish_query(Now now, HandlerId handler, const TxKey& key, std::uint64_t serial,
                    const QueryTask& task);

  Result<InvocationVerdict> check(const Execution& execution);
  void begin_turn(Now now);
  Handler* find(PeerId peer);
  void on_first_message(Now now, PeerId peer, const MessageView& message);
  void reject(PeerId peer, std::string_view why);
  void schedule_keepalive(Now now, HandlerId handler);
  void retire(PeerId peer);

  Environment environment_;
  Simulators& simulators_;
  Background& background_;
  Now turn_{};  // Of the event that is being handled.
  std::unordered_map<PeerId, std::unique_ptr<Handler>> handlers_;
  std::unordered_map<HandlerId, Handler*> handlers_by_id_;
  struct RunningCallee {
    HandlerId handler;
    TxKey key;
  };
  std::unordered_map<std::uint64_t, RunningCallee> callees_;  // By their callers' open requests.
  std::vector<std::unique_ptr<Handler>> ended_;  // Dropped when no call into them is under way.
  MessageReader reader_;
  HandlerId last_id_;
  std::set<std::string> advised_;  // About queries; each thing once, and not without end.
};

}  // namespace ccbus::chaincode
