#include <catch2/catch.hpp>

#include "tests/support/dealer.h"
#include "tests/support/refusal_reason.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using protos::ChaincodeMessage;
using namespace std::chrono_literals;

TEST_CASE("a chaincode that is gone fails its transaction at once, and its successor serves",
          "[protocol][row-117]") {
  const ServiceProcess service;
  Dealer client(service.client_endpoint());
  Dealer other(service.chaincode_endpoint());
  other.register_as("other");
  client.send(evaluate(1, "other"));
  const auto unharmed = other.receive();
  {
    Dealer chaincode(service.chaincode_endpoint());
    chaincode.register_as("basic");
    client.send(evaluate(2, "basic"));
    CHECK(chaincode.receive().type() == ChaincodeMessage::TRANSACTION);
  }
  // The execution deadline is 30 s and a Dealer waits 10 s, so only the monitor reports it this
  // early.
  const auto lost = client.receive_response();
  CHECK(lost.correlation_id() == 2);
  CHECK(lost.status().code() == ccbus::ABORTED);
  CHECK_THAT(reason_of(lost), Contains("chaincode stream terminated"));

  Dealer successor(service.chaincode_endpoint());
  successor.register_as("basic");
  client.send(evaluate(3, "basic"));
  CHECK(successor.receive().type() == ChaincodeMessage::TRANSACTION);
  other.send(in_transaction(unharmed, ChaincodeMessage::COMPLETED));
  CHECK(client.receive_response().correlation_id() == 1);
}

TEST_CASE("hundreds of connections that come and go leave nothing behind", "[protocol]") {
  const ServiceProcess service;
  for (int i = 0; i < 200; ++i) {
    Dealer chaincode(service.chaincode_endpoint());
    chaincode.register_as("basic");
  }
  Dealer last(service.chaincode_endpoint());
  last.register_as("basic");
  Dealer client(service.client_endpoint());
  // The monitor's events may arrive later: ask until they are all there.
  ccbus::ClientRequest request;
  request.mutable_status();
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  int members = 0;
  do {
    client.send(request);
    members = client.receive_response().service_status().chaincodes(0).members_size();
  } while (members != 1 && std::chrono::steady_clock::now() < deadline);
  CHECK(members == 1);
}

TEST_CASE("an empty frame ends the stream, in both directions", "[protocol][row-5]") {
  const ServiceProcess service;
  Dealer chaincode(service.chaincode_endpoint());
  chaincode.register_as("basic");
  chaincode.send("");
  CHECK(chaincode.receive_frame().empty());
}

TEST_CASE("KEEPALIVE comes again and again, and its echo changes nothing", "[protocol][row-7]") {
  const ServiceProcess service({"chaincode.keepalive=50ms"});
  Dealer chaincode(service.chaincode_endpoint());
  chaincode.register_as("basic");
  for (int i = 0; i < 5; ++i) {
    const auto message = chaincode.receive();
    CHECK(message.type() == ChaincodeMessage::KEEPALIVE);
    chaincode.send(message);
  }
}

TEST_CASE("keepalive off means never", "[protocol][row-8]") {
  const ServiceProcess service({"chaincode.keepalive=0"});
  Dealer chaincode(service.chaincode_endpoint());
  chaincode.register_as("basic");
  CHECK(chaincode.is_quiet_for(300ms));
}

TEST_CASE("a service that stops says goodbye to chaincodes and clients and exits with 0",
          "[protocol]") {
  ServiceProcess service;
  Dealer chaincode(service.chaincode_endpoint());
  chaincode.register_as("basic");
  Dealer client(service.client_endpoint());
  client.send(evaluate(1, "basic"));
  CHECK(chaincode.receive().type() == ChaincodeMessage::TRANSACTION);
  CHECK(service.stop() == 0);
  CHECK(chaincode.receive_frame().empty());
  CHECK_THAT(reason_of(client.receive_response()), Contains("chaincode stream terminated"));
}

TEST_CASE("after a restart a connected chaincode is told to register again", "[protocol]") {
  ServiceProcess service;
  Dealer chaincode(service.chaincode_endpoint());
  chaincode.register_as("basic");
  service.kill_now();
  service.start_again();
  ChaincodeMessage keepalive;
  keepalive.set_type(ChaincodeMessage::KEEPALIVE);
  // The DEALER reconnects by itself; what it sends before it has noticed may be lost with the old
  // connection.
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  do {
    chaincode.send(keepalive);
  } while (chaincode.is_quiet_for(50ms) && std::chrono::steady_clock::now() < deadline);
  CHECK(chaincode.receive_frame().empty());
}

TEST_CASE("a chaincode that does not read is cut off when its queue is full", "[protocol]") {
  const ServiceProcess service({"limits.backlogMessages=10"});
  Dealer chaincode(service.chaincode_endpoint(), 1);
  chaincode.register_as("lazy");
  Dealer client(service.client_endpoint());
  // Nobody reads these: first the kernel's buffers fill, then the pipe, then the queue.
  const std::string argument(8'000, 'x');
  int sent = 0;
  while (client.is_quiet_for(0ms) && sent < 5'000) {
    ++sent;
    client.send(evaluate(static_cast<std::uint64_t>(sent), "lazy", argument));
  }
  CHECK_THAT(reason_of(client.receive_response()),
             Contains("its queue holds 10 messages") || Contains("chaincode stream terminated"));
}

}  // namespace
}  // namespace ccbus::test
