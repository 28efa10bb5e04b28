#include "service/gateway/transactions/refusal.h"

#include <catch2/catch.hpp>

namespace ccbus::test {
namespace {

using gateway::endorse_refusal;
using gateway::Endorsed;
using gateway::EndorserName;
using gateway::evaluate_refusal;

const EndorserName kPeer{"peer0:7051", "Org1MSP"};

Endorsed responded(int status, const std::string& message) {
  Endorsed endorsed;
  endorsed.result.response.set_status(status);
  endorsed.result.response.set_message(message);
  return endorsed;
}

Endorsed refused(ccbus::StatusCode code, const std::string& why) {
  Endorsed endorsed;
  endorsed.status = gateway::make_status(code, why);
  return endorsed;
}

void check_detail(const ccbus::Status& status, const std::string& message) {
  REQUIRE(status.details_size() == 1);
  CHECK(status.details(0).address() == "peer0:7051");
  CHECK(status.details(0).msp_id() == "Org1MSP");
  CHECK(status.details(0).message() == message);
}

}  // namespace

TEST_CASE("a response below 400 is not refused", "[gateway][issue-15]") {
  const int status = GENERATE(200, 201, 399);
  CHECK(evaluate_refusal(responded(status, "ok"), kPeer).code() == ccbus::OK);
  CHECK(endorse_refusal(responded(status, "ok"), kPeer).code() == ccbus::OK);
}

TEST_CASE("the chaincode's refusal is UNKNOWN for an evaluate, and ABORTED for the others",
          "[gateway][issue-15][row-217]") {
  const int status = GENERATE(0, 199, 400, 500, 501);
  const std::string reason = "chaincode response " + std::to_string(status) + ", no such asset";
  const ccbus::Status evaluated = evaluate_refusal(responded(status, "no such asset"), kPeer);
  CHECK(evaluated.code() == ccbus::UNKNOWN);
  CHECK(evaluated.message() == "evaluate call to endorser returned error: " + reason);
  check_detail(evaluated, reason);
  const ccbus::Status endorsed = endorse_refusal(responded(status, "no such asset"), kPeer);
  CHECK(endorsed.code() == ccbus::ABORTED);
  CHECK(endorsed.message() == "failed to endorse transaction, see attached details for more info");
  check_detail(endorsed, reason);
}

TEST_CASE("a simulation that failed is ABORTED, and a detail says why",
          "[gateway][issue-15][row-217]") {
  const Endorsed failed = refused(ccbus::ABORTED, "error in simulation: it broke");
  const ccbus::Status evaluated = evaluate_refusal(failed, kPeer);
  CHECK(evaluated.code() == ccbus::ABORTED);
  CHECK(evaluated.message() ==
        "failed to evaluate transaction, see attached details for more info");
  check_detail(evaluated, "error in simulation: it broke");
  const ccbus::Status endorsed = endorse_refusal(failed, kPeer);
  CHECK(endorsed.code() == ccbus::ABORTED);
  CHECK(endorsed.message() == "failed to endorse transaction, see attached details for more info");
  check_detail(endorsed, "error in simulation: it broke");
}

TEST_CASE("a chaincode that nobody knows has no peer, and private inputs stay protected",
          "[gateway][issue-15][row-218]") {
  Endorsed unknown = refused(ccbus::FAILED_PRECONDITION, "no process has registered");
  unknown.is_unknown = true;
  unknown.proposal.chaincode_name = "basic";
  unknown.proposal.key.channel.value = "mychannel";
  const ccbus::Status evaluated = evaluate_refusal(unknown, kPeer);
  CHECK(evaluated.code() == ccbus::FAILED_PRECONDITION);
  CHECK(evaluated.message() ==
        "no peers available to evaluate chaincode basic in channel mychannel");
  check_detail(evaluated, "no process has registered");
  const ccbus::Status endorsed = endorse_refusal(unknown, kPeer);
  CHECK(endorsed.code() == ccbus::FAILED_PRECONDITION);
  CHECK(endorsed.message() ==
        "no combination of peers can be derived which satisfy the endorsement policy: No metadata "
        "was found for chaincode basic in channel mychannel");
  check_detail(endorsed, "no process has registered");

  unknown.proposal.has_transient = true;
  CHECK(evaluate_refusal(unknown, kPeer).message() ==
        "no endorsers found in the gateway's organization; retry specifying target organization(s) "
        "to protect transient data: no peers available to evaluate chaincode basic in channel "
        "mychannel");
  CHECK(endorse_refusal(unknown, kPeer).message() ==
        "no endorsers found in the gateway's organization; retry specifying endorsing "
        "organization(s) to protect transient data");
}

TEST_CASE("a refusal of the service itself keeps its code and has its reason in the message",
          "[gateway][issue-15]") {
  const auto code = GENERATE(ccbus::INVALID_ARGUMENT, ccbus::NOT_FOUND, ccbus::RESOURCE_EXHAUSTED,
                             ccbus::DEADLINE_EXCEEDED, ccbus::UNAVAILABLE, ccbus::INTERNAL);
  const ccbus::Status evaluated = evaluate_refusal(refused(code, "why"), kPeer);
  CHECK(evaluated.code() == code);
  CHECK(evaluated.message() == "evaluate call to endorser returned error: why");
  CHECK(evaluated.details().empty());
  CHECK(endorse_refusal(refused(code, "why"), kPeer).code() == code);
  CHECK(endorse_refusal(refused(code, "why"), kPeer).message() ==
        "failed to endorse transaction: why");
}

}  // namespace ccbus::test
