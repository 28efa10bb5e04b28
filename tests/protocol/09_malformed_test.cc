// Malformed input: a typed error or the end of that stream, never a crash, never an effect on
// others.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/dealer.h"
#include "tests/support/refusal_reason.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using protos::ChaincodeMessage;

// Messages of 10,000 bytes at most, and blocks that fit into one.
const std::vector<std::string> kSmallMessages = {"peer.maxRecvMsgSize=10000",
                                                 "orderer.batchSize.absoluteMaxBytes=10000",
                                                 "orderer.batchSize.preferredMaxBytes=10000"};

// A well-behaved chaincode, which must not be affected.
struct Bystander {
  explicit Bystander(const ServiceProcess& service)
      : chaincode(service.chaincode_endpoint()), client(service.client_endpoint()) {
    chaincode.register_as("bystander");
    client.send(evaluate(1, "bystander"));
    transaction = chaincode.receive();
  }

  void check_unharmed() {
    protos::Response response;
    response.set_status(200);
    chaincode.send(
        in_transaction(transaction, ChaincodeMessage::COMPLETED, response.SerializeAsString()));
    CHECK(client.receive_response().evaluate().result().status() == 200);
  }

  Dealer chaincode;
  Dealer client;
  ChaincodeMessage transaction;
};

TEST_CASE("undecodable bytes from a chaincode end its stream with the reason", "[protocol]") {
  const ServiceProcess service;
  Bystander bystander(service);
  const bool registered = GENERATE(false, true);
  Dealer dealer(service.chaincode_endpoint());
  if (registered) dealer.register_as("bad");
  dealer.send("\xff\xff\xff");
  CHECK_THAT(dealer.receive().payload(), Contains("not a protos.ChaincodeMessage"));
  CHECK(dealer.receive_frame().empty());
  bystander.check_unharmed();
}

TEST_CASE("extra frames from a chaincode end its stream with the reason", "[protocol]") {
  const ServiceProcess service;
  Bystander bystander(service);
  Dealer dealer(service.chaincode_endpoint());
  dealer.register_as("bad");
  dealer.send(std::vector<std::string>{"one", "two", "three"});
  CHECK_THAT(dealer.receive().payload(), Contains("a message of 3 frames: one is allowed"));
  CHECK(dealer.receive_frame().empty());
  bystander.check_unharmed();
}

TEST_CASE("a frame above the limit is refused with its size and the limit", "[protocol]") {
  const ServiceProcess service(kSmallMessages);
  Bystander bystander(service);
  Dealer dealer(service.chaincode_endpoint());
  dealer.register_as("bad");
  dealer.send(std::string(10'001, 'x'));
  CHECK_THAT(dealer.receive().payload(), Contains("10001 bytes exceeds the limit of 10000"));
  CHECK(dealer.receive_frame().empty());

  Dealer client(service.client_endpoint());
  auto large = submit(9, "bystander", std::string(10'001, 'x'));
  client.send(large);
  const auto answer = client.receive_response();
  CHECK(answer.correlation_id() == 9);
  CHECK(answer.status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK_THAT(answer.status().message(), Contains("exceeds the limit of 10000"));
  bystander.check_unharmed();
}

TEST_CASE("a huge frame costs its sender the connection and nobody else anything", "[protocol]") {
  const ServiceProcess service(kSmallMessages);
  Bystander bystander(service);
  Dealer dealer(service.chaincode_endpoint());
  dealer.register_as("bad");
  Dealer client(service.client_endpoint());
  client.send(evaluate(1, "bad"));
  CHECK(dealer.receive().type() == ChaincodeMessage::TRANSACTION);
  dealer.send(std::string(1 << 20, 'x'));
  CHECK_THAT(reason_of(client.receive_response()), Contains("chaincode stream terminated"));
  bystander.check_unharmed();
}

TEST_CASE("a message that the state does not allow ends the stream", "[protocol][row-21]") {
  const ServiceProcess service;
  Bystander bystander(service);
  const int type = GENERATE(0, 1, 2, 3, 4, 5, 13, 9999);
  Dealer dealer(service.chaincode_endpoint());
  dealer.register_as("bad");
  ChaincodeMessage message;
  message.set_type(static_cast<ChaincodeMessage::Type>(type));
  if (type == 0) message.set_txid("tx");  // Otherwise it would be the empty frame.
  dealer.send(message);
  CHECK(dealer.receive_frame().empty());
  bystander.check_unharmed();
}

TEST_CASE("a request for an unknown transaction is refused and the stream lives",
          "[protocol][row-56]") {
  const ServiceProcess service;
  Dealer dealer(service.chaincode_endpoint());
  dealer.register_as("basic");
  ChaincodeMessage request;
  request.set_type(ChaincodeMessage::GET_STATE);
  request.set_txid("nobody");
  request.set_channel_id("mychannel");
  for (int i = 0; i < 2; ++i) {
    dealer.send(request);
    CHECK(dealer.receive().payload() ==
          "GET_STATE failed: transaction ID: nobody: no ledger context");
  }
}

TEST_CASE("a COMPLETED with a wrong txid is ignored, and the deadline tells the client",
          "[protocol][row-118]") {
  const ServiceProcess service({"chaincode.executetimeout=1s"});
  Dealer dealer(service.chaincode_endpoint());
  dealer.register_as("basic");
  Dealer client(service.client_endpoint());
  client.send(evaluate(1, "basic"));
  auto transaction = dealer.receive();
  transaction.set_txid("wrong");
  dealer.send(in_transaction(transaction, ChaincodeMessage::COMPLETED));
  const auto answer = client.receive_response();
  CHECK(answer.status().code() == ccbus::DEADLINE_EXCEEDED);
  CHECK_THAT(answer.status().message(), Contains("timeout expired while executing transaction") &&
                                            Contains("chaincode.executetimeout 1s") &&
                                            Contains("chaincode basic") &&
                                            Contains("still connected"));
}

TEST_CASE("client requests that lack something are answered with what", "[protocol]") {
  const ServiceProcess service;
  Dealer client(service.client_endpoint());
  const auto refused = [&](const ccbus::ClientRequest& request, ccbus::StatusCode code,
                           const std::string& text) {
    client.send(request);
    const auto answer = client.receive_response();
    CHECK(answer.correlation_id() == request.correlation_id());
    CHECK(answer.status().code() == code);
    CHECK_THAT(answer.status().message(), Contains(text));
  };
  auto no_channel = submit(1, "basic");
  no_channel.mutable_submit()->mutable_invocation()->clear_channel_id();
  refused(no_channel, ccbus::INVALID_ARGUMENT, "no channel ID provided");

  refused(submit(2, ""), ccbus::INVALID_ARGUMENT, "ChaincodeId.Name is empty");

  auto unknown_channel = evaluate(3, "basic");
  unknown_channel.mutable_evaluate()->mutable_invocation()->set_channel_id("nowhere");
  refused(unknown_channel, ccbus::NOT_FOUND, "channel 'nowhere' not found");

  auto no_args = evaluate(4, "basic");
  no_args.mutable_evaluate()->mutable_invocation()->clear_args();
  refused(no_args, ccbus::INVALID_ARGUMENT, "chaincode input did not contain any input");

  refused(submit(5, "absent"), ccbus::FAILED_PRECONDITION,
          "No metadata was found for chaincode absent in channel mychannel");
  refused(evaluate(7, "absent"), ccbus::FAILED_PRECONDITION,
          "no peers available to evaluate chaincode absent in channel mychannel");

  ccbus::ClientRequest nothing;
  nothing.set_correlation_id(6);
  refused(nothing, ccbus::INVALID_ARGUMENT, "asks for nothing");
}

TEST_CASE("undecodable bytes and extra frames from a client are answered, and it goes on",
          "[protocol]") {
  const ServiceProcess service;
  Dealer client(service.client_endpoint());
  client.send("\xff\xff\xff");
  CHECK(client.receive_response().status().code() == ccbus::INVALID_ARGUMENT);
  client.send(std::vector<std::string>{"one", "two"});
  CHECK_THAT(client.receive_response().status().message(), Contains("2 frames"));
  client.send("");
  CHECK(client.receive_response().status().code() == ccbus::INVALID_ARGUMENT);
  ccbus::ClientRequest status;
  status.set_correlation_id(4);
  status.mutable_status();
  client.send(status);
  CHECK(client.receive_response().has_service_status());
}

TEST_CASE("a chaincode that has dialled the clients' endpoint is told so, and where to go",
          "[protocol]") {
  const ServiceProcess service;
  Dealer lost(service.client_endpoint());
  ChaincodeMessage registration;
  registration.set_type(ChaincodeMessage::REGISTER);
  protos::ChaincodeID id;
  id.set_name("basic");
  registration.set_payload(id.SerializeAsString());
  lost.send(registration);
  const ChaincodeMessage answer = lost.receive();
  CHECK(answer.type() == ChaincodeMessage::ERROR);
  CHECK(answer.payload() ==
        "chaincode basic has connected to the endpoint for clients (peer.listenAddress); "
        "chaincodes connect to " +
            service.chaincode_endpoint() + " (peer.chaincodeListenAddress)");
  CHECK(answer.chaincode_event().event_name() == "wrong-endpoint");
  CHECK(answer.chaincode_event().payload() == service.chaincode_endpoint());
  CHECK(lost.receive_frame().empty());
}

TEST_CASE("a client that has dialled the chaincodes' endpoint is told so, and where to go",
          "[protocol]") {
  const ServiceProcess service;
  Dealer lost(service.chaincode_endpoint());
  for (const std::uint64_t id : {1u, 2u, 99u}) {
    lost.send(evaluate(id, "basic"));
    const auto answer = lost.receive_response();
    CHECK(answer.correlation_id() == id);
    CHECK(answer.status().code() == ccbus::FAILED_PRECONDITION);
    CHECK(answer.status().message() ==
          "this client has connected to the endpoint for chaincodes "
          "(peer.chaincodeListenAddress); clients connect to " +
              service.client_endpoint() + " (peer.listenAddress)");
  }
  // What a chaincode says before it has registered is still answered by the empty frame.
  ChaincodeMessage get;
  get.set_type(ChaincodeMessage::GET_STATE);
  get.set_payload("\x0a\x01k");
  get.set_txid("tx");
  get.set_channel_id("mychannel");
  lost.send(get);
  CHECK(lost.receive_frame().empty());
}

TEST_CASE("requests beyond the concurrency limit are refused with the limit", "[protocol]") {
  const ServiceProcess service({"peer.limits.concurrency.gatewayService=1"});
  Dealer dealer(service.chaincode_endpoint());
  dealer.register_as("basic");
  Dealer client(service.client_endpoint());
  client.send(evaluate(1, "basic"));
  CHECK(dealer.receive().type() == ChaincodeMessage::TRANSACTION);
  client.send(evaluate(2, "basic"));
  const auto answer = client.receive_response();
  CHECK(answer.correlation_id() == 2);
  CHECK(answer.status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK_THAT(answer.status().message(), Contains("exceeding concurrency limit (1)"));
}

}  // namespace
}  // namespace ccbus::test
