#include "service/load/run/request_signer.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/load/run/member.h"

namespace ccbus::load {
namespace {

void set_call(Invocation& invocation) {
  invocation.set_channel_id("mychannel");
  invocation.set_chaincode_name("basic");
  invocation.add_args("put");
  invocation.add_args("key");
}

TEST_CASE("an evaluate is signed", "[load][issue-16]") {
  const Member member;
  ClientRequest request;
  request.set_correlation_id(7);
  set_call(*request.mutable_evaluate()->mutable_invocation());
  RequestSigner(member.identity()).sign(request);
  CHECK(request.correlation_id() == 7);
  CHECK_FALSE(request.evaluate().has_invocation());
  CHECK_FALSE(request.evaluate().proposed_transaction().signature().empty());
  CHECK_FALSE(request.evaluate().proposed_transaction().proposal_bytes().empty());
}

TEST_CASE("a submit becomes an endorse, and its answer a submit", "[load][issue-16]") {
  const Member member;
  const RequestSigner signer(member.identity());
  ClientRequest request;
  set_call(*request.mutable_submit()->mutable_invocation());
  signer.sign(request);
  REQUIRE(request.has_endorse());
  CHECK_FALSE(request.endorse().proposed_transaction().signature().empty());

  ClientResponse response;
  response.set_correlation_id(9);
  response.mutable_endorse()->mutable_prepared_transaction()->set_payload("payload");
  const auto submit = signer.submit_of(response);
  REQUIRE(submit.has_value());
  CHECK(submit->correlation_id() == 9);
  CHECK(submit->submit().prepared_transaction().payload() == "payload");
  CHECK_FALSE(submit->submit().prepared_transaction().signature().empty());
}

TEST_CASE("what was refused, and what is no endorsement, is not submitted", "[load][issue-16]") {
  const Member member;
  const RequestSigner signer(member.identity());
  ClientResponse refused;
  refused.mutable_endorse();
  refused.mutable_status()->set_code(ABORTED);
  CHECK_FALSE(signer.submit_of(refused).has_value());
  ClientResponse committed;
  committed.mutable_submit();
  CHECK_FALSE(signer.submit_of(committed).has_value());
}

TEST_CASE("requests that call no chaincode stay as they are", "[load][issue-16]") {
  const Member member;
  ClientRequest status;
  status.mutable_status();
  RequestSigner(member.identity()).sign(status);
  CHECK(status.has_status());
}

}  // namespace
}  // namespace ccbus::load
