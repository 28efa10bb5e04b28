#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/chaincode/chaincode_support.h"
#include "service/chaincode/transaction/simulators.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/endorser_metrics.h"
#include "service/gateway/transactions/proposal.h"

namespace ccbus::gateway {

// A transaction that has been simulated, or the reason why not.
struct Endorsed {
  Proposal proposal;
  chaincode::ExecutionResult result;  // Meaningful where status is OK.
  ccbus::Status status;               // Not OK: the chaincode gave no answer.
};

// Builds the proposal of an invocation and has a chaincode simulate it on a snapshot. Bus thread.
//
// Source of the texts: Fabric's endorser.go and gateway at HEAD.
class Endorser {
 public:
  using Callback = std::function<void(Endorsed)>;

  // The references outlive it, and the signatures that other threads make with `proposals`.
  Endorser(chaincode::ChaincodeSupport& chaincodes, chaincode::Simulators& simulators,
           const ProposalBuilder& proposals);

  // `done` is called exactly once, also before this returns. Statuses other than OK:
  //   INVALID_ARGUMENT   no channel, chaincode or function; a name that breaks a rule
  //   NOT_FOUND          no such channel
  //   FAILED_PRECONDITION no definition where one is needed; INIT where none is due, or missing
  //   UNAVAILABLE        no process of that chaincode is connected; the service stops
  //   DEADLINE_EXCEEDED  chaincode.executetimeout
  //   RESOURCE_EXHAUSTED the chaincode has too many open transactions, its TRANSACTION, which has
  //                      the arguments twice, would be too large, or too many wait to be signed
  //   ABORTED            the chaincode left, or failed without an answer
  //   INTERNAL           the proposal could not be signed
  void endorse(Now now, const ccbus::Invocation& invocation, Callback done);

  // While no more transactions than this are open, the bus thread signs by itself: the way to
  // another thread and back takes as long as a signature.
  static constexpr std::size_t kSignedHereMax = 4;

  // Any thread, as long as this lives.
  [[nodiscard]] const EndorserMetrics& metrics() const { return metrics_; }

 private:
  // The execution of a proposal, which is signed here or is to be signed by another thread.
  [[nodiscard]] Result<chaincode::Execution> prepare(Proposal& proposal, bool is_init) const;
  void finish(std::uint64_t serial, chaincode::ExecutionResult result);
  void count(const Proposal& proposal, SteadyTime received,
             const chaincode::ExecutionResult& result);

  struct Running {
    SteadyTime received;
    Proposal proposal;  // All but what the chaincode gets.
    Callback done;
  };

  chaincode::ChaincodeSupport& chaincodes_;
  chaincode::Simulators& simulators_;
  const ProposalBuilder& proposals_;

  std::unordered_map<std::uint64_t, Running> running_;  // By serial.
  std::uint64_t last_serial_ = 0;
  EndorserMetrics metrics_;
};

// Whether Fabric's gateway takes a chaincode's status for success: 200 to 399.
[[nodiscard]] bool is_success(const protos::Response& response);

}  // namespace ccbus::gateway
