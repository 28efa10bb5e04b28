#include "service/gateway/transactions/endorser_metrics.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

struct Counted {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t chaincode_errors = 0;
  std::uint64_t simulation_failures = 0;
};

Counted counted(const GatewayRig& rig, const std::string& channel, const std::string& chaincode) {
  Counted all;
  rig.gateway.endorser_metrics().proposals.each(
      [&](const auto& names, const gateway::ProposalMetrics& metrics) {
        if (names[0] != channel || names[1] != chaincode) return;
        all = {metrics.proposals[1].snapshot().count(), metrics.proposals[0].snapshot().count(),
               metrics.chaincode_errors.get(), metrics.simulation_failures.get()};
      });
  return all;
}

TEST_CASE("proposals are counted as received, and by how they ended", "[gateway][issue-5]") {
  GatewayRig rig;
  const gateway::EndorserMetrics& metrics = rig.gateway.endorser_metrics();
  const std::string channel = kChannel.value;
  ccbus::ClientRequest request = rig.submit(1);

  SECTION("an answer is a success") {
    rig.request(request);
    rig.write_and_complete("k");
    CHECK(metrics.successful.get() == 1);
    CHECK(counted(rig, channel, "basic").succeeded == 1);
    CHECK(counted(rig, channel, "basic").failed == 0);
  }
  SECTION("an error status of the chaincode is not a success") {
    rig.request(request);
    rig.shim.sends(completed(rig.shim.last().txid(), 500));
    CHECK(metrics.successful.get() == 0);
    CHECK(counted(rig, channel, "basic").failed == 1);
    CHECK(counted(rig, channel, "basic").chaincode_errors == 1);
    CHECK(counted(rig, channel, "basic").simulation_failures == 0);
  }
  SECTION("a chaincode that leaves is a simulation failure") {
    rig.request(request);
    rig.shim.disappears();
    CHECK(counted(rig, channel, "basic").failed == 1);
    CHECK(counted(rig, channel, "basic").simulation_failures == 1);
  }
  SECTION("unknown chaincodes are counted together") {
    request.mutable_submit()->mutable_invocation()->set_chaincode_name("invented");
    rig.request(request);
    CHECK(counted(rig, channel, "invented").failed == 0);
    CHECK(counted(rig, kOtherLabels, kOtherLabels).simulation_failures == 1);
  }
  SECTION("an incomplete proposal is a validation failure") {
    request.mutable_submit()->mutable_invocation()->clear_args();
    rig.request(request);
    CHECK(metrics.validation_failures.get() == 1);
    CHECK(counted(rig, channel, "basic").failed == 0);
  }
  CHECK(metrics.received.get() == 1);
}

}  // namespace
}  // namespace ccbus::test
