#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "ccbus/client.pb.h"
#include "service/chaincode/chaincode_support.h"
#include "service/clock.h"
#include "service/gateway/client_outbox.h"
#include "service/gateway/endorser.h"
#include "service/gateway/proposal.h"
#include "service/gateway/service_status.h"
#include "service/gateway/submit.h"
#include "service/ids.h"
#include "service/log.h"
#include "service/metrics.h"

namespace ccbus::gateway {

// The applications' side of the bus: takes requests and answers each exactly once. Like the
// chaincode side it holds no socket, thread or clock.
//
// Thread: bus thread only.
// Blocks: never.
class Gateway {
 public:
  struct Options {
    std::size_t requests_open_max = 10'000;
    std::size_t message_bytes_max = 100u << 20;
    ServiceInfo info;
  };

  // The references outlive it.
  Gateway(Options options, chaincode::ChaincodeSupport& chaincodes, const Channels& channels,
          chaincode::Simulators& simulators, const ProposalBuilder& proposals, ClientOutbox& outbox,
          Logger& logger, Counters& counters);

  // One frame from a client: an encoded ClientRequest.
  void on_message(Now now, PeerId client, std::span<const std::byte> frame);

  // A message that is not one frame.
  void on_malformed(PeerId client, std::string_view reason);

  // From a committer, through the next-state pipe.
  void on_block(const ledger::BlockCommitted& block);

  // From now on every request is refused; what waits for a block is told that it is not known.
  void shutdown();

  [[nodiscard]] std::size_t requests_open() const { return requests_open_; }

 private:
  void route(Now now, ReplyAddress address, const ccbus::ClientRequest& request);
  void define(Now now, ReplyAddress address, const ccbus::DefineRequest& request);
  void refuse(ReplyAddress address, ccbus::StatusCode code, std::string message);
  void reply(ReplyAddress address, ccbus::ClientResponse& response);
  void send(ReplyAddress address, ccbus::ClientResponse& response);

  const Options options_;
  chaincode::ChaincodeSupport& chaincodes_;
  const Channels& channels_;
  chaincode::Simulators& simulators_;
  const ProposalBuilder& proposals_;
  ClientOutbox& outbox_;
  Logger& logger_;
  Counters& counters_;

  Endorser endorser_;
  Submits submits_;
  std::size_t requests_open_ = 0;
  bool stopping_ = false;
};

}  // namespace ccbus::gateway
