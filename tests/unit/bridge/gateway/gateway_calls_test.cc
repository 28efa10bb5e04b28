#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "fabric/gateway/calls.pb.h"
#include "fabric/peer/events.pb.h"
#include "google/rpc/status.pb.h"
#include "service/bridge/gateway/methods.h"
#include "tests/support/bridge_fakes.h"

namespace ccbus::bridge {
namespace {

using namespace std::chrono_literals;

struct Rig {
  void start(std::string_view method) { call = methods.start(now, rpc, method, peer); }

  // The last request that the service has got.
  [[nodiscard]] ccbus::ClientRequest asked() const {
    ccbus::ClientRequest request;
    REQUIRE_FALSE(service.sent.empty());
    REQUIRE(request.ParseFromString(service.sent.back()));
    return request;
  }
  void answer(ccbus::ClientResponse response) {
    response.set_correlation_id(asked().correlation_id());
    service.user->on_frame(now, response.SerializeAsString());
  }

  Now now{std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
  test::FakeRpc rpc;
  test::FakeDealers service;
  ServiceLinks links{service};
  GatewayMethods methods{links};
  RpcPeer peer{"ipv4:127.0.0.1:4000", std::nullopt, std::nullopt};
  std::unique_ptr<RpcCall> call;
};

std::string evaluate_request() {
  ::gateway::EvaluateRequest request;
  request.mutable_proposed_transaction()->set_proposal_bytes("proposal");
  request.mutable_proposed_transaction()->set_signature("signature");
  return request.SerializeAsString();
}

TEST_CASE("a signed proposal goes to the service as it is, and the result comes back",
          "[bridge][issue-17]") {
  Rig rig;
  rig.peer.deadline = rig.now.wall + 1500ms;
  rig.start("/gateway.Gateway/Evaluate");
  rig.call->on_message(rig.now, evaluate_request());
  CHECK(rig.asked().evaluate().proposed_transaction().proposal_bytes() == "proposal");
  CHECK(rig.asked().evaluate().proposed_transaction().signature() == "signature");
  CHECK(rig.asked().timeout_ms() == 1500);
  CHECK(rig.rpc.consumed_bytes == room_of(evaluate_request().size()));
  ccbus::ClientResponse response;
  response.mutable_evaluate()->mutable_result()->set_payload("value");
  rig.answer(response);
  ::gateway::EvaluateResponse reply;
  REQUIRE(rig.rpc.sent.size() == 1);
  REQUIRE(reply.ParseFromString(rig.rpc.sent[0]));
  CHECK(reply.result().payload() == "value");
  CHECK(rig.rpc.end->code == 0);
}

TEST_CASE("the service's status is the call's, with the details that Fabric's clients read",
          "[bridge][issue-17]") {
  Rig rig;
  rig.start("/gateway.Gateway/Evaluate");
  rig.call->on_message(rig.now, evaluate_request());
  ccbus::ClientResponse response;
  response.mutable_status()->set_code(ccbus::ABORTED);
  response.mutable_status()->set_message("failed");
  ccbus::ErrorDetail& said = *response.mutable_status()->add_details();
  said.set_address("peer:7051");
  said.set_msp_id("Org1MSP");
  said.set_message("chaincode response 500, no");
  rig.answer(response);
  REQUIRE(rig.rpc.end);
  CHECK(rig.rpc.end->code == 10);
  CHECK(rig.rpc.end->message == "failed");
  google::rpc::Status status;
  REQUIRE(status.ParseFromString(rig.rpc.end->details));
  CHECK(status.code() == 10);
  REQUIRE(status.details_size() == 1);
  CHECK(status.details(0).type_url() == "type.googleapis.com/gateway.ErrorDetail");
  ::gateway::ErrorDetail detail;
  REQUIRE(status.details(0).UnpackTo(&detail));
  CHECK(detail.msp_id() == "Org1MSP");
  CHECK(detail.message() == "chaincode response 500, no");
}

TEST_CASE("what is missing is refused in Fabric's words, without the service",
          "[bridge][issue-17]") {
  struct Case {
    const char* method;
    const char* text;
  };
  const auto [method, text] = GENERATE(
      Case{"Evaluate", "failed to unpack transaction proposal: a signed proposal is required"},
      Case{"Endorse", "the proposed transaction must contain a signed proposal"},
      Case{"Submit", "a prepared transaction is required"});
  Rig rig;
  rig.start("/gateway.Gateway/" + std::string(method));
  rig.call->on_message(rig.now, "");
  REQUIRE(rig.rpc.end);
  CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kInvalidArgument));
  CHECK(rig.rpc.end->message == text);
  CHECK(rig.service.sent.empty());
}

TEST_CASE("a prepared transaction is signed, and ordered without waiting for its block",
          "[bridge][issue-17]") {
  Rig rig;
  ::gateway::SubmitRequest request;
  request.mutable_prepared_transaction()->set_payload("payload");
  SECTION("not signed") {
    rig.start("/gateway.Gateway/Submit");
    rig.call->on_message(rig.now, request.SerializeAsString());
    CHECK(rig.rpc.end->message == "prepared transaction must be signed");
  }
  SECTION("signed") {
    request.mutable_prepared_transaction()->set_signature("signature");
    rig.start("/gateway.Gateway/Submit");
    rig.call->on_message(rig.now, request.SerializeAsString());
    CHECK(rig.asked().submit().until() == ccbus::SubmitRequest::ORDERED);
    CHECK(rig.asked().submit().prepared_transaction().payload() == "payload");
  }
}

TEST_CASE("a call that the client ends is ended with the service, too", "[bridge][issue-17]") {
  Rig rig;
  rig.start("/gateway.Gateway/Evaluate");
  rig.call->on_message(rig.now, evaluate_request());
  const auto number = rig.asked().correlation_id();
  rig.call->on_gone(rig.now);
  rig.call.reset();
  CHECK(rig.asked().cancel().correlation_id() == number);
}

TEST_CASE("a commit status is waited for beyond the service's own limit", "[bridge][issue-17]") {
  Rig rig;
  rig.start("/gateway.Gateway/CommitStatus");
  ::gateway::SignedCommitStatusRequest request;
  request.set_request("request");
  rig.call->on_message(rig.now, request.SerializeAsString());
  ccbus::ClientResponse waited;
  waited.mutable_status()->set_code(ccbus::DEADLINE_EXCEEDED);
  rig.answer(waited);
  CHECK_FALSE(rig.rpc.end);
  CHECK(rig.service.sent.size() == 2);
  CHECK(rig.asked().commit_status().signed_request().request() == "request");
  ccbus::ClientResponse response;
  response.mutable_commit_status()->set_block_number(5);
  rig.answer(response);
  CHECK(rig.rpc.end->code == 0);
}

TEST_CASE("the loss of the connection ends all its calls, and the next one gets a new one",
          "[bridge][issue-17]") {
  Rig rig;
  rig.start("/gateway.Gateway/Evaluate");
  rig.call->on_message(rig.now, evaluate_request());
  rig.service.user->on_lost(rig.now, "it was lost");
  CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kUnavailable));
  CHECK(rig.rpc.end->message == "it was lost");
  bridge::DealerUser* lost = rig.service.user;
  const auto next = rig.links.of(rig.now, rig.peer.connection);
  CHECK(rig.service.user != lost);
  CHECK_FALSE(next->is_lost());
}

TEST_CASE("a link that has had no call between two looks is closed", "[bridge][issue-17]") {
  Rig rig;
  static_cast<void>(rig.links.of(rig.now, "one"));
  REQUIRE(rig.links.next_deadline());
  rig.now.steady += ServiceLinks::kBetweenLooks;
  rig.links.on_timer(rig.now);
  CHECK(rig.links.report().empty());
  CHECK_FALSE(rig.links.next_deadline());
}

TEST_CASE("events are asked for from where the last answer has ended, as the client takes them",
          "[bridge][issue-17]") {
  Rig rig;
  rig.start("/gateway.Gateway/ChaincodeEvents");
  ::gateway::SignedChaincodeEventsRequest request;
  request.set_request("request");
  rig.call->on_message(rig.now, request.SerializeAsString());
  ccbus::ClientResponse response;
  auto& block = *response.mutable_chaincode_events()->add_blocks();
  block.set_block_number(3);
  block.add_events()->set_payload(std::string(kRpcWindow, 'x'));
  response.mutable_chaincode_events()->mutable_next()->set_block_number(4);
  rig.answer(response);
  CHECK(rig.service.sent.size() == 1);  // gRPC has not taken the last ones.
  rig.rpc.queued = 0;
  rig.call->on_room(rig.now);
  CHECK(rig.service.sent.size() == 2);
  CHECK(rig.asked().chaincode_events().from().block_number() == 4);
  ::gateway::ChaincodeEventsResponse sent;
  REQUIRE(sent.ParseFromString(rig.rpc.sent.at(0)));
  CHECK(sent.block_number() == 3);
  rig.call->on_gone(rig.now);
}

protos::DeliverResponse delivered(const test::FakeRpc& rpc, std::size_t at) {
  protos::DeliverResponse response;
  REQUIRE(response.ParseFromString(rpc.sent.at(at)));
  return response;
}

TEST_CASE("blocks are delivered one by one, then SUCCESS, then the next envelope's turn has come",
          "[bridge][issue-17]") {
  Rig rig;
  rig.start("/protos.Deliver/Deliver");
  common::Envelope envelope;
  envelope.set_payload("first");
  rig.call->on_message(rig.now, envelope.SerializeAsString());
  envelope.set_payload("second");
  rig.call->on_message(rig.now, envelope.SerializeAsString());
  CHECK(rig.service.sent.size() == 1);
  ccbus::ClientResponse response;
  auto& found = *response.mutable_block_events();
  found.add_blocks()->mutable_header()->set_number(1);
  found.set_next_block_number(2);
  found.set_last_block_number(2);
  rig.answer(response);
  CHECK(rig.asked().block_events().block_number() == 2);
  CHECK(rig.asked().block_events().last_block_number() == 2);
  found.mutable_blocks(0)->mutable_header()->set_number(2);
  found.set_done(true);
  rig.answer(response);
  REQUIRE(rig.rpc.sent.size() == 3);
  CHECK(delivered(rig.rpc, 0).block().header().number() == 1);
  CHECK(delivered(rig.rpc, 1).block().header().number() == 2);
  CHECK(delivered(rig.rpc, 2).status() == common::SUCCESS);
  CHECK(rig.asked().block_events().signed_request().payload() == "second");
  ccbus::ClientResponse refusal;
  refusal.mutable_status()->set_code(ccbus::PERMISSION_DENIED);
  rig.answer(refusal);
  CHECK(delivered(rig.rpc, 3).status() == common::FORBIDDEN);
  CHECK(rig.rpc.end->code == 0);
}

TEST_CASE("a method that a peer has and the bridge has not is refused with what to use",
          "[bridge][issue-17]") {
  CHECK_FALSE(GatewayMethods::refuses("/gateway.Gateway/Endorse"));
  CHECK_FALSE(GatewayMethods::refuses("/protos.Deliver/DeliverWithPrivateData"));
  const auto refusal = GatewayMethods::refuses("/protos.Endorser/ProcessProposal");
  REQUIRE(refusal);
  CHECK(refusal->code == static_cast<int>(RpcCode::kUnimplemented));
  CHECK_THAT(refusal->message, Catch::Contains("gateway.Gateway/Evaluate"));
  CHECK(GatewayMethods::refuses("/any.Other/Method"));
}

}  // namespace
}  // namespace ccbus::bridge
