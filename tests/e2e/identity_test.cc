// Clients that sign for themselves, on a channel of three organisations: two that the service
// plays, and theirs.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "ccbus/client/events.h"
#include "ccbus/client/identity.h"
#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/notebook.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

struct Consortium {
  Consortium() {
    shim.start();
    REQUIRE(shim.wait_ready(10s));
    REQUIRE(run_with_errors({test::built_program("ccbus"), "dev", "crypto", "--out",
                             directory.path().string(), "--orgs", "Org3"})
                .status == 0);
    REQUIRE(run_ccbus(service.client_endpoint(),
                      {"channel", "config", "init", "-C", "mychannel", "--dev-orgs",
                       "Org1MSP,Org2MSP", "--org", "Org3MSP:" + (org() / "msp").string()})
                .status == 0);
  }

  [[nodiscard]] std::filesystem::path org() const {
    return directory.path() / "organizations" / "peerOrganizations" / "org3.example.com";
  }
  [[nodiscard]] client::Identity user() const {
    return client::Identity::from_msp_folder(org() / "users" / "User1@org3.example.com" / "msp",
                                             "Org3MSP");
  }
  static shim::Options shim_options(const ServiceProcess& service) {
    shim::Options options;
    options.peer_address = service.chaincode_endpoint();
    options.chaincode_id = "notes";
    options.log = [](std::string_view) {};
    return options;
  }

  TemporaryDirectory directory;
  ServiceProcess service;
  Notes notes;
  shim::Shim shim{shim_options(service), notes};
  client::Client client{{.endpoint = service.client_endpoint()}};
};

TEST_CASE("a client's own identity is the creator, from the library and the command",
          "[e2e][issue-16]") {
  Consortium all;
  const client::Identity user = all.user();
  const client::Reply put =
      client::submit(all.client, note({"put", "k", "v"}, "mychannel"), user, 10s);
  INFO(put.error.message);
  CHECK(put.error.ok());
  CHECK(put.response.submit().validation_code() == protos::VALID);

  const auto folder = (all.org() / "users" / "User1@org3.example.com" / "msp").string();
  const Output query = run_ccbus(all.service.client_endpoint(),
                                 {"query", "-C", "mychannel", "-n", "notes", "--identity", folder,
                                  "--msp-id", "Org3MSP", "-c", R"({"Args":["get","k"]})"});
  CHECK(query.status == 0);
  CHECK(query.text == "v\n");
  // Under another organisation's name nobody takes it.
  CHECK(run_ccbus(all.service.client_endpoint(),
                  {"query", "-C", "mychannel", "-n", "notes", "--identity", folder, "--msp-id",
                   "Org1MSP", "-c", R"({"Args":["get","k"]})"})
            .status == 1);
}

TEST_CASE("a key that is elsewhere signs step by step", "[e2e][issue-16]") {
  Consortium all;
  const client::Identity user = all.user();
  const auto proposal = client::make_proposal(note({"put", "k", "v"}, "mychannel"), user);
  CHECK(proposal.digest().size() == 32);
  ClientRequest endorse;
  *endorse.mutable_endorse()->mutable_proposed_transaction() =
      client::with_signature(proposal, user.sign(proposal.bytes));
  const client::Reply endorsed = all.client.call(endorse, 10s);
  REQUIRE(endorsed.error.ok());
  const auto& response = endorsed.response.endorse();
  CHECK(response.transaction_id() == proposal.transaction_id);
  const auto transaction = client::transaction_of(response);
  // With the signature of the proposal, it is not the creator who wants the transaction.
  const auto wrong = client::with_signature(transaction, user.sign(proposal.bytes), response);
  CHECK_THAT(all.client.submit_prepared(wrong, 10s).error.message,
             Contains("BAD_CREATOR_SIGNATURE"));
  CHECK_THAT(all.client.submit_prepared(response.prepared_transaction(), 10s).error.message,
             Contains("prepared transaction must be signed"));
}

TEST_CASE("a member asks for statuses and events with a signature, and a stranger hears nothing",
          "[e2e][issue-16][row-309][row-312]") {
  Consortium all;
  const client::Identity user = all.user();
  const client::Reply put =
      client::submit(all.client, note({"put", "k", "v"}, "mychannel"), user, 10s);
  REQUIRE(put.error.ok());
  const std::string& tx = put.response.submit().transaction_id();
  const client::Reply status = client::commit_status(all.client, "mychannel", tx, user, 10s);
  INFO(status.error.message);
  CHECK(status.error.ok());
  CHECK(status.response.commit_status().block_number() == put.response.submit().block_number());
  CHECK(status.response.height() == put.response.submit().block_number() + 1);
  client::ChaincodeEvents events(all.client, client::signed_events("mychannel", "notes", user),
                                 client::Checkpoint{0});
  const auto event = events.next(10s);
  REQUIRE(event);
  CHECK(event->event.tx_id() == tx);

  const auto endpoint = all.service.client_endpoint();
  const auto folder = (all.org() / "users" / "User1@org3.example.com" / "msp").string();
  const auto asked_as = [&](const std::string& msp_id, std::vector<std::string> command) {
    command.insert(command.end(), {"-C", "mychannel", "--identity", folder, "--msp-id", msp_id});
    return run_with_errors([&] {
      command.insert(command.begin(), test::built_program("ccbus"));
      command.insert(command.end(), {"--address", endpoint});
      return command;
    }());
  };
  const Output printed = asked_as("Org3MSP", {"commit-status", tx});
  CHECK(printed.status == 0);
  CHECK_THAT(printed.text, Contains("VALID"));
  const Output seen = asked_as("Org3MSP", {"events", "--start-block", "0", "--count", "1"});
  CHECK(seen.status == 0);
  CHECK_THAT(seen.text, Contains(tx.substr(0, 8)));
  const std::vector<std::vector<std::string>> commands = {
      {"commit-status", tx}, {"events", "--start-block", "0", "--count", "1"}};
  for (const auto& command : commands) {
    const Output refused = asked_as("Org1MSP", command);  // Whose member it is not.
    CHECK(refused.status == 1);
    CHECK_THAT(refused.text, Contains("/Channel/Application/Readers"));
  }
}

TEST_CASE("the id of a transaction whose nonce the client has chosen is known before",
          "[e2e][row-305][row-306]") {
  Consortium all;
  const auto endpoint = all.service.client_endpoint();
  const auto invoke = [&](const std::string& nonce) {
    return run_with_errors({test::built_program("ccbus"), "invoke", "-C", "mychannel", "-n",
                            "notes", "-c", R"({"Args":["put","n","1"]})", "--nonce", nonce,
                            "--address", endpoint});
  };
  std::string creator;
  const client::Reply status = all.client.status(10s);
  for (const auto& channel : status.response.service_status().channels()) {
    if (channel.channel_id() == "mychannel") creator = channel.creator();
  }
  const std::string id = client::transaction_id_of("\x0a\x0b", creator);
  const Output first = invoke("0a0b");
  CHECK(first.status == 0);
  CHECK_THAT(first.text, Contains("committed " + id));
  const Output again = invoke("0a0b");
  CHECK(again.status == 1);
  CHECK_THAT(again.text, Contains("ALREADY_EXISTS") && Contains(id));
  CHECK_THAT(invoke("xyz").text, Contains("--nonce"));
}

TEST_CASE("a signed proposal is good for one transaction", "[e2e][attacks][issue-16]") {
  Consortium all;
  const client::Identity user = all.user();
  const auto proposal = client::make_proposal(note({"put", "k", "v"}, "mychannel"), user);
  ClientRequest endorse;
  *endorse.mutable_endorse()->mutable_proposed_transaction() =
      client::with_signature(proposal, user.sign(proposal.bytes));
  const client::Reply first = all.client.call(endorse, 10s);
  REQUIRE(first.error.ok());
  const auto transaction = client::transaction_of(first.response.endorse());
  const auto envelope =
      client::with_signature(transaction, user.sign(transaction.bytes), first.response.endorse());
  REQUIRE(all.client.submit_prepared(envelope, 10s).error.ok());
  constexpr int kTimes = 1'000;
  for (int i = 0; i < kTimes; ++i) {
    const client::Reply replayed = all.client.call(endorse, 10s);
    CHECK_FALSE(replayed.error.ok());
    CHECK_THAT(replayed.error.message, Contains("duplicate transaction found"));
  }
}

}  // namespace
}  // namespace ccbus::test
