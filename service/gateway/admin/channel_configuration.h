#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/job.h"
#include "service/chaincode/transaction/simulators.h"
#include "service/gateway/admin/organization_host.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"
#include "service/gateway/transactions/endorser.h"
#include "service/gateway/transactions/proposal.h"
#include "service/gateway/transactions/service_identities.h"

namespace ccbus::gateway {

// Gives channels their configuration: makes the transaction that writes it, which is ordered like
// any other. Bus thread.
class ChannelConfiguration {
 public:
  using Order = std::function<void(PendingRequest, Endorsed)>;

  // All of them outlive it.
  struct Parts {
    const Channels& channels;
    ServiceIdentities& identities;
    ClientCreators& creators;
    OrganizationHost& host;
    chaincode::Simulators& simulators;
    const ProposalBuilder& proposals;
    Background& background;
    Replies& replies;
  };

  // `order` takes the transaction into a block and answers the request.
  ChannelConfiguration(const Parts& with, Order order) : with_(with), order_(std::move(order)) {}

  // Answers with a SubmitResponse. Refusals:
  //   NOT_FOUND            no such channel
  //   INVALID_ARGUMENT     the configuration breaks a rule, or names no organisation
  //   FAILED_PRECONDITION  it does not follow the present one, or nobody whom the service plays may
  //                        create transactions of the channel
  void ask(PendingRequest pending, const ccbus::ChannelRequest& request);

 private:
  void write(Now now, PendingRequest pending, const ChannelId& channel,
             ccbus::ChannelConfig config);
  void write_as(Now now, PendingRequest pending, const ChannelId& channel,
                const ccbus::ChannelConfig& config, ServiceIdentities::Identity creator);
  void refuse(PendingRequest pending, ccbus::StatusCode code, const std::string& why);

  const Parts with_;
  const Order order_;
};

}  // namespace ccbus::gateway
