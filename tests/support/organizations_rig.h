#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {

// A channel of two organisations: one that the service plays, and one whose members the test has.
struct OrganizationsRig : GatewayRig {
  // The channel has one block for each of these events before its configuration: afterwards no
  // transaction is valid, since one organisation of the two endorses. `prepare` fills further
  // blocks before the configuration.
  using Prepare = std::function<void(GatewayRig&)>;
  explicit OrganizationsRig(const std::vector<std::string>& events = {},
                            const Prepare& prepare = {}) {
    for (const std::string& event : events) transactions.push_back(commit(event, event));
    if (prepare) prepare(*this);
    answers().clear();
    ccbus::ClientRequest configure;
    configure.mutable_channel()->set_channel_id(kChannel.value);
    auto& wanted = *configure.mutable_channel()->mutable_configure();
    wanted.add_development_organizations("Org1MSP");
    wanted.add_organizations()->set_config(theirs.msp_config().SerializeAsString());
    request(configure);
    chaincode.run_jobs();
    cut_block();
    REQUIRE(ledger.ledger().trust());
  }

  std::vector<std::string> transactions;  // The ids of those with the events.
  security::DevIdentities theirs = *security::DevIdentities::make("Org2MSP");
};

}  // namespace ccbus::test
