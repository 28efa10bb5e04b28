#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/base/move_only_function.h"
#include "service/chaincode/chaincode_support.h"
#include "service/chaincode/transaction/simulators.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/client_creators.h"
#include "service/gateway/transactions/endorser_metrics.h"
#include "service/gateway/transactions/proposal.h"
#include "service/gateway/transactions/service_identities.h"

namespace ccbus::gateway {

// A transaction that has been simulated, or why it was not.
struct Endorsed {
  Proposal proposal;
  chaincode::ExecutionResult result;  // Valid if `status` is OK.
  ccbus::Status status;               // If not OK, the chaincode gave no response.
  bool is_unknown = false;            // The channel has no definition of it, and it no process.
  std::shared_ptr<const ledger::ChannelLedger> ledger;  // It was simulated on; null: what is there.
  std::uint64_t height = 0;  // The blocks of the state that it was simulated on.
};

// How a refusal names who refused: this service.
struct EndorserName {
  std::string address;  // host:port.
  std::string msp_id;
};

// Builds the proposal of an invocation, and runs the chaincode on a simulator. Bus thread.
//
// Source of the texts: Fabric's endorser.go and gateway at HEAD.
class Endorser {
 public:
  // It holds the request that the caller is a reference to.
  using Callback = MoveOnlyFunction<void(Endorsed)>;
  using Caller = OpenRequests::Reference;

  // Who creates transactions: by the configurations of the channels, one of the identities.
  struct Creators {
    const Channels& channels;
    ClientCreators& of_clients;
    Background& signers;
    Replies& replies;  // What each of them has open.
  };

  // The references outlive this object. `address` is that of the service for its clients,
  // host:port.
  Endorser(chaincode::ChaincodeSupport& chaincodes, chaincode::Simulators& simulators,
           const ProposalBuilder& proposals, Creators creators, std::string address);

  // Runs the chaincode for a client. `done` is called exactly once, possibly before this returns.
  // If the request ends early, the transaction is ended as well: its chaincode is not told, and
  // what it still asks for is refused. Statuses other than OK:
  //   INVALID_ARGUMENT    the channel, the chaincode's name or the arguments are empty; the nonce
  //   is
  //                       longer than kNonceBytesMax
  //   NOT_FOUND           no such channel
  //   FAILED_PRECONDITION the service has a client in none of the channel's organisations, so that
  //                       clients have to sign themselves; the chaincode has no definition and
  //                       needs one, or it has none and no process: is_unknown is set
  //   UNAVAILABLE         the service is stopping
  //   DEADLINE_EXCEEDED   chaincode.executetimeout has passed
  //   RESOURCE_EXHAUSTED  the chaincode has too many open transactions; its TRANSACTION, which has
  //                       the arguments twice, would be too large; or too many wait to be signed
  //   ALREADY_EXISTS      the transaction is already running; or the client has chosen its nonce,
  //                       and it runs for another request, or is in a block
  //   ABORTED             the chaincode has a definition and no process; it left, answered ERROR or
  //                       could not be sent a message; is_init is set although no initialisation
  //                       is due, or not set although one is; or the ledger could not be read
  //   INTERNAL            the proposal could not be signed
  //
  // Names are not checked against a rule. A name that breaks one is refused like any other name of
  // which there is no channel or chaincode.
  void endorse(Now now, Caller caller, const ccbus::Invocation& invocation, Callback done);

  // The same for a proposal that the client has signed: read_signed_proposal() and check_creator()
  // come first, on another thread. Further statuses:
  //   FAILED_PRECONDITION the proposal breaks a rule, its creator may not write, the transaction
  //                       exists, or the channel has no configuration
  //   RESOURCE_EXHAUSTED  its creator has too many open, over all connections
  void endorse(Now now, Caller caller, const protos::SignedProposal& proposal, Callback done);

  // While fewer transactions than this are open, the bus thread signs the proposal itself, which
  // saves the way to another thread and back.
  static constexpr std::size_t kSignedHereMax = 4;

  [[nodiscard]] const EndorserName& name() const { return name_; }
  // The service listens on another address from now on.
  void set_address(std::string address) { name_.address = std::move(address); }

  // Any thread, during the lifetime of this object.
  [[nodiscard]] const EndorserMetrics& metrics() const { return metrics_; }

 private:
  void run_as(Now now, Caller caller, const ccbus::Invocation& invocation,
              Result<ServiceIdentities::Identity> creator, Callback done);
  // Runs a proposal whose creator is known to be one.
  // `share` is what a creator that has signed has of the places; null: it has not.
  void run(Now now, Caller caller, Proposal proposal, Places::Share share, Callback done);
  // Makes the transaction that gives a channel this configuration, for its members to endorse. No
  // chaincode runs.
  [[nodiscard]] Endorsed change_channel(Proposal proposal, const ccbus::ChannelConfig& config);
  // Makes the execution of a proposal: signed here, with the function that signs it on another
  // thread, or without a signature if there are none.
  [[nodiscard]] Result<chaincode::Execution> prepare(Proposal& proposal) const;
  // Whether a transaction whose nonce the client has chosen may run.
  [[nodiscard]] ccbus::Status check_new(const Proposal& proposal) const;
  [[nodiscard]] std::shared_ptr<void> remember_chosen(const TxKey& key);
  void abandon(std::uint64_t serial) noexcept;
  void finish(std::uint64_t serial, chaincode::ExecutionResult result);
  void count(const Proposal& proposal, SteadyTime received,
             const chaincode::ExecutionResult& result);

  struct Running {
    SteadyTime received;
    Proposal proposal;  // Without the parts that were moved to the chaincode.
    std::shared_ptr<const ledger::ChannelLedger> ledger;
    std::uint64_t height = 0;  // Of what it is simulated on.
    Caller caller;
    Places::Share share;
    std::shared_ptr<void> chosen;  // Its entry in chosen_; null if the client has chosen no nonce.
    Callback done;
    HandlerId handler = {};  // The one that was given the transaction.
  };

  chaincode::ChaincodeSupport& chaincodes_;
  chaincode::Simulators& simulators_;
  const ProposalBuilder& proposals_;
  const Creators creators_;
  EndorserName name_;

  std::unordered_map<std::uint64_t, Running> running_;  // By serial.
  std::unordered_set<TxKey> chosen_;  // Those of them whose nonces clients have chosen.
  std::uint64_t last_serial_ = 0;
  EndorserMetrics metrics_;
};

// True if the status of a chaincode's response is a success for Fabric's gateway: 200 to 399.
[[nodiscard]] bool is_success(const protos::Response& response);

}  // namespace ccbus::gateway
