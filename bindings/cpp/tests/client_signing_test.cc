#include <catch2/catch.hpp>
#include <future>
#include <string>

#include "bindings/cpp/tests/support/scripted_service.h"
#include "ccbus/client/events.h"
#include "ccbus/client/identity.h"
#include "fabric/common/common.pb.h"
#include "fabric/gateway/gateway.pb.h"
#include "fabric/peer/proposal.pb.h"

using namespace ccbus::testing;
using namespace std::chrono_literals;
namespace client = ccbus::client;

namespace {

constexpr const char* kCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBdjCCAR2gAwIBAgIUPUqbN966+rEcm1i7czwwem/DZPkwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFdXNlcjEwIBcNMjYxMTMwMjA1NzM2WhgPMjEyNjExMDYyMDU3
MzZaMBAxDjAMBgNVBAMMBXVzZXIxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
TI1Jn4QG+awc1FEg0fonZ14GBVy0/elf3lpAE8jWJfECHHu+ZHeZP/sblQk2rvxS
OIWi98tV5PNj6OaKRLc8PaNTMFEwHQYDVR0OBBYEFGOK4nS7GCP+uvSdvXcIA09N
GipCMB8GA1UdIwQYMBaAFGOK4nS7GCP+uvSdvXcIA09NGipCMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgbNMoJ9fSjOEmYiuApxO0y3h7WeoVSWUi
bbaqmABxfmcCIGSlLyj2oUBmi2kW55eVAYMLRnC1qkFYTXi9ypuBxLws
-----END CERTIFICATE-----
)";

// Somebody whose key is elsewhere.
client::Identity somebody() {
  return client::Identity::without_key(kCertificate, "Org1MSP");
}

}  // namespace

TEST_CASE("a transaction's id is known from nonce and creator", "[client][row-305]") {
  // SHA-256 of "abc".
  CHECK(client::transaction_id_of("a", "bc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(client::make_nonce().size() == 24);
  CHECK(client::make_nonce() != client::make_nonce());

  auto invocation = invocation_of("f");
  invocation.nonce = "chosen";
  const auto step = client::make_proposal(invocation, somebody());
  CHECK(step.transaction_id == client::transaction_id_of("chosen", somebody().serialized()));
  CHECK(client::make_proposal(invocation_of("f"), somebody()).transaction_id !=
        client::make_proposal(invocation_of("f"), somebody()).transaction_id);
}

TEST_CASE("the nonce goes with the invocation of who does not sign", "[client]") {
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  auto invocation = invocation_of("f");
  invocation.nonce = "chosen";
  REQUIRE(client.send_submit(invocation).ok());
  REQUIRE(client.send_evaluate(invocation_of("f")).ok());
  auto reply = std::async(std::launch::async, [&] { return client.receive(kPatience); });
  CHECK(hear(service).message.submit().invocation().nonce() == "chosen");
  const auto evaluated = hear(service);
  CHECK(evaluated.message.evaluate().invocation().nonce().empty());
  answer(service, evaluated, "v");
  CHECK(reply.get());
}

TEST_CASE("a nonce is for one signed transaction: no retries", "[client]") {
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  auto invocation = invocation_of("f");
  invocation.nonce = "chosen";
  client::SubmitOptions options;
  options.retries = 1;
  const auto reply = client::submit(client, invocation, somebody(), kPatience, options);
  CHECK(reply.error.code == ccbus::INVALID_ARGUMENT);
  CHECK(reply.error.origin == client::Origin::kClient);
  CHECK(client.open_requests() == 0);
}

TEST_CASE("a request for a status is signed elsewhere", "[client][row-309]") {
  const auto step = client::make_commit_status("mychannel", "tx", somebody());
  gateway::CommitStatusRequest question;
  REQUIRE(question.ParseFromString(step.bytes));
  CHECK(question.channel_id() == "mychannel");
  CHECK(question.transaction_id() == "tx");
  CHECK(question.identity() == somebody().serialized());
  CHECK(step.digest().size() == 32);

  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  auto reply = std::async(std::launch::async, [&] {
    return client.commit_status(client::signed_commit_status(step, "signature"), kPatience);
  });
  const auto heard = hear(service);
  const auto& sent = heard.message.commit_status();
  CHECK(sent.signed_request().request() == step.bytes);
  CHECK(sent.signed_request().signature() == "signature");
  CHECK(sent.channel_id().empty());
  CHECK(sent.wait_ms() == kPatience.count());
  answer(service, heard, ccbus::ClientResponse());
  CHECK(reply.get().error.ok());
}

TEST_CASE("one signature is good for all requests for events", "[client][row-312]") {
  client::EventsStart start;
  SECTION("from a block") {
    start.block_number = 5;
  }
  SECTION("after a transaction") {
    start.after_transaction_id = "tx";
  }
  SECTION("from the next block") {}
  const auto step = client::make_events("mychannel", "basic", somebody(), start);
  gateway::ChaincodeEventsRequest question;
  REQUIRE(question.ParseFromString(step.bytes));
  CHECK(question.channel_id() == "mychannel");
  CHECK(question.chaincode_id() == "basic");
  CHECK(question.identity() == somebody().serialized());
  CHECK(question.after_transaction_id() == start.after_transaction_id);
  CHECK(question.start_position().has_specified() == start.block_number.has_value());
  CHECK(question.start_position().specified().number() == start.block_number.value_or(0));

  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  client::ChaincodeEvents events(client, client::signed_events(step, "signature"));
  auto next = std::async(std::launch::async, [&] { return events.next(kPatience); });
  const auto first = hear(service);
  CHECK(first.message.chaincode_events().signed_request().request() == step.bytes);
  CHECK(first.message.chaincode_events().signed_request().signature() == "signature");
  CHECK(first.message.chaincode_events().channel_id().empty());
  CHECK_FALSE(first.message.chaincode_events().has_from());
  ccbus::ClientResponse none;
  none.mutable_chaincode_events()->mutable_next()->set_block_number(9);
  answer(service, first, none);
  const auto second = hear(service);
  CHECK(second.message.chaincode_events().signed_request().request() == step.bytes);
  CHECK(second.message.chaincode_events().from().block_number() == 9);
  ccbus::ClientResponse one;
  auto& block = *one.mutable_chaincode_events()->add_blocks();
  block.set_block_number(9);
  block.add_events()->set_event_name("made");
  answer(service, second, one);
  const auto event = next.get();
  REQUIRE(event);
  CHECK(event->event.event_name() == "made");
}
