#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "ccbus/client.pb.h"
#include "service/chaincode/chaincode_support.h"
#include "service/clock.h"
#include "service/gateway/proposal.h"
#include "service/ids.h"
#include "service/ledger/cached_state_view.h"
#include "service/ledger/channel_ledger.h"
#include "service/ordering/orderer.h"

namespace ccbus::gateway {

// What the gateway does with one channel. Both outlive the gateway.
struct Channel {
  ledger::ChannelLedger* ledger = nullptr;
  ordering::Orderer* orderer = nullptr;
};
using Channels = std::map<ChannelId, Channel>;

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

  // The references outlive it. What transactions between two blocks read is remembered up to
  // `view_cache_bytes_max` for each channel.
  Endorser(chaincode::ChaincodeSupport& chaincodes, const Channels& channels,
           const ProposalBuilder& proposals, std::size_t view_cache_bytes_max);

  // `done` is called exactly once, perhaps before this returns. Statuses other than OK:
  //   INVALID_ARGUMENT   no channel, chaincode or function; a name that breaks a rule
  //   NOT_FOUND          no such channel
  //   UNAVAILABLE        no process of that chaincode is connected
  //   DEADLINE_EXCEEDED  chaincode.executetimeout
  //   RESOURCE_EXHAUSTED the chaincode has too many open transactions
  //   ABORTED            the chaincode left, or failed without an answer
  void endorse(Now now, const ccbus::Invocation& invocation, Callback done);

 private:
  [[nodiscard]] ccbus::Status check(const ccbus::Invocation& invocation) const;
  [[nodiscard]] std::shared_ptr<const ledger::StateView> newest_view(const ChannelId& channel);
  void finish(std::uint64_t serial, chaincode::ExecutionResult result);

  struct Running {
    Proposal proposal;
    Callback done;
  };

  chaincode::ChaincodeSupport& chaincodes_;
  const Channels& channels_;
  const ProposalBuilder& proposals_;
  const std::size_t view_cache_bytes_max_;

  std::unordered_map<std::uint64_t, Running> running_;  // By serial.
  std::unordered_map<ChannelId, std::shared_ptr<const ledger::CachedStateView>> views_;
  std::uint64_t last_serial_ = 0;
};

// Whether Fabric's gateway takes a chaincode's status for success: 200 to 399.
[[nodiscard]] bool is_success(const protos::Response& response);

[[nodiscard]] ccbus::Status make_status(ccbus::StatusCode code, std::string message);

}  // namespace ccbus::gateway
