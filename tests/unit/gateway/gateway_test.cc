#include "service/gateway/gateway.h"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

TEST_CASE("a submit is answered when its block is committed, and not before", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(7));
  rig.write_and_complete("k");
  CHECK(rig.answers().empty());
  CHECK(rig.orderer.held.size() == 1);
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 7);
  CHECK(rig.answers()[0].submit().validation_code() == protos::VALID);
  CHECK(rig.answers()[0].submit().result().payload() == "result");
  CHECK(rig.ledger.value_of("k") == "v");
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("the envelope in the block holds no transient data", "[gateway]") {
  GatewayRig rig;
  auto request = rig.submit(1);
  (*request.mutable_submit()->mutable_invocation()->mutable_transient())["pin"] = "s3cret-1234";
  rig.request(request);
  CHECK_THAT(rig.shim.last().proposal().proposal_bytes(), Contains("s3cret-1234"));
  rig.write_and_complete("k");
  REQUIRE(rig.orderer.held.size() == 1);
  CHECK(rig.orderer.held[0].bytes.find("s3cret-1234") == std::string::npos);
}

TEST_CASE("a full orderer refuses the submit with its reason", "[gateway]") {
  GatewayRig rig;
  rig.orderer.full = true;
  rig.request(rig.submit(1));
  rig.write_and_complete("k");
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK(rig.answers()[0].status().message() == "the queue is full");
  CHECK(rig.answers()[0].submit().validation_code() == protos::NOT_VALIDATED);
}

TEST_CASE("responses of status 400 and more are not ordered", "[gateway][row-123]") {
  const auto [status, ordered] = GENERATE(
      table<int, bool>({{200, true}, {399, true}, {400, false}, {499, false}, {500, false}}));
  GatewayRig rig;
  rig.request(rig.submit(1));
  auto answer = completed(rig.shim.last().txid(), status, "why");
  answer.mutable_chaincode_event()->set_event_name("sold");
  rig.shim.sends(answer);
  CHECK(rig.orderer.held.size() == (ordered ? 1 : 0));
  REQUIRE(rig.answers().size() == (ordered ? 0 : 1));
  if (ordered) return;
  CHECK(rig.answers()[0].status().code() == ccbus::ABORTED);
  CHECK(rig.answers()[0].submit().result().status() == status);
  CHECK(rig.answers()[0].submit().result().payload() == "why");
  CHECK_FALSE(rig.answers()[0].submit().has_event());
}

TEST_CASE("an ERROR of the chaincode gives the client ABORTED with its text", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  rig.shim.sends(message(ChaincodeMessage::ERROR, rig.shim.last().txid(), "it broke"));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::ABORTED);
  CHECK(rig.answers()[0].status().message() ==
        "failed to endorse transaction, see attached details for more info");
  REQUIRE(rig.answers()[0].status().details_size() == 1);
  CHECK(rig.answers()[0].status().details(0).address() == "b");
  CHECK(rig.answers()[0].status().details(0).msp_id() == "DevMSP");
  CHECK(rig.answers()[0].status().details(0).message() ==
        "error in simulation: transaction returned with failure: it broke");
}

TEST_CASE("the transaction of a client that has left commits; its lost answer is counted",
          "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  rig.clients.connected = false;
  rig.write_and_complete("k");
  rig.cut_block();
  CHECK(rig.ledger.value_of("k") == "v");
  CHECK(rig.counters.get(Counter::kClientAnswersLost) == 1);
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("an answer that is too large is replaced, but keeps the outcome of the transaction",
          "[gateway]") {
  GatewayRig rig;
  rig.clients.bytes_max = 500;
  rig.request(rig.submit(1));
  const std::string tx = rig.shim.last().txid();
  rig.shim.sends(put_state(tx, "k", "v"));
  rig.shim.sends(completed(tx, 200, std::string(1000, 'x')));
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  const ccbus::ClientResponse& answer = rig.answers()[0];
  CHECK(answer.correlation_id() == 1);
  CHECK(answer.status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK_THAT(answer.status().message(), StartsWith("the answer: a message of 1") &&
                                            EndsWith(" bytes exceeds the limit of 500"));
  CHECK(answer.submit().transaction_id() == tx);
  CHECK(answer.submit().validation_code() == protos::VALID);
  CHECK_FALSE(answer.submit().has_result());
  CHECK(rig.counters.get(Counter::kClientAnswersLost) == 0);
  CHECK(rig.counters.get(Counter::kClientRequestsExhausted) == 1);
}

TEST_CASE("a client whose queue is full loses its connection, and not an answer in silence",
          "[gateway]") {
  GatewayRig rig;
  rig.clients.is_full = true;
  ccbus::ClientRequest request;
  request.mutable_status();
  rig.request(request);
  REQUIRE(rig.clients.ended.size() == 1);
  CHECK(rig.clients.ended[0].first == PeerId{1});
  CHECK(rig.clients.ended[0].second == "its queue holds 5 messages");
  CHECK(rig.counters.get(Counter::kClientAnswersLost) == 1);
}

TEST_CASE("a request that is too large is refused by its correlation id, and not decoded",
          "[gateway]") {
  GatewayRig rig;
  const auto refusal = [&](const std::string& bytes) {
    rig.gateway.on_message(rig.chaincode.now(), PeerId{1}, std::as_bytes(std::span(bytes)));
    return rig.answers().back();
  };
  const std::string id = "\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  const std::string padding(1 << 20, 'x');  // Not decodable, and as large as the limit.
  const auto large = refusal(id + padding);
  CHECK(large.status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK(large.status().message() ==
        "a request of 1048586 bytes exceeds the limit of 1048576 (limits.clientMessageBytes, "
        "peer.maxRecvMsgSize)");
  CHECK(large.correlation_id() == 0x7fff'ffff'ffff'ffff);
  CHECK(refusal("\x1a\x01x" + id + padding).correlation_id() == 0x7fff'ffff'ffff'ffff);
  CHECK(refusal(padding + padding).correlation_id() == 0);
}

TEST_CASE("bytes of an error that are not UTF-8 reach the client as U+FFFD", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  rig.shim.sends(message(ChaincodeMessage::ERROR, rig.shim.last().txid(), "\xff x"));
  REQUIRE(rig.answers().size() == 1);
  CHECK_THAT(rig.answers()[0].status().details(0).message(), EndsWith("failure: \xEF\xBF\xBD x"));
}

TEST_CASE("a submit that is refused for its options was not ordered, and says so", "[gateway]") {
  GatewayRig rig;
  ccbus::ClientRequest request = rig.submit(1);
  request.mutable_submit()->set_retries(4);
  rig.request(request);
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::INVALID_ARGUMENT);
  CHECK(rig.answers()[0].submit().validation_code() == protos::NOT_VALIDATED);
}

TEST_CASE("requests above the limit of open ones are refused until others are answered",
          "[gateway]") {
  GatewayRig rig(1);
  rig.request(rig.submit(1));
  rig.request(rig.submit(2));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 2);
  CHECK_THAT(rig.answers()[0].status().message(), Contains("exceeding concurrency limit (1)"));
  rig.write_and_complete("k");
  rig.cut_block();
  rig.request(rig.submit(3));
  CHECK(rig.answers().size() == 2);
  CHECK(rig.gateway.requests_open() == 1);
  rig.gateway.shutdown();
}

TEST_CASE("requests that wait for events and statuses refuse no work", "[gateway]") {
  GatewayRig rig(4);
  for (std::uint64_t client = 1; client <= 5; ++client) {
    ccbus::ClientRequest wait;
    wait.set_correlation_id(client);
    if (client % 2 == 0) {
      wait.mutable_commit_status()->set_channel_id(kChannel.value);
      wait.mutable_commit_status()->set_transaction_id("unknown");
    } else {
      wait.mutable_chaincode_events()->set_channel_id(kChannel.value);
    }
    rig.request_of(PeerId{client}, wait);
  }
  CHECK(rig.gateway.requests_open() == 4);
  REQUIRE(rig.clients.answers[PeerId{5}].size() == 1);
  CHECK_THAT(rig.clients.answers[PeerId{5}][0].status().message(),
             Contains("limits.gatewayWaiting"));
  rig.request(rig.submit(10));
  rig.write_and_complete("k");
  rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 10);
  CHECK(rig.answers()[0].status().code() == ccbus::OK);
  rig.gateway.stop_accepting();
  rig.chaincode.run_jobs();  // The block is being read for those that wait for events.
  rig.gateway.shutdown();
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a client with as much as is free is refused, another one is served", "[gateway]") {
  GatewayRig rig(9);
  for (std::uint64_t id = 1; id <= 6; ++id) rig.request(rig.submit(id));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 6);
  CHECK(rig.answers()[0].status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK(rig.answers()[0].status().message() ==
        "the client has 5 requests open, and only 4 places are free "
        "(peer.limits.concurrency.gatewayService)");
  rig.request_of(PeerId{2}, rig.submit(1));
  CHECK(rig.gateway.requests_open() == 6);
  CHECK(rig.clients.answers[PeerId{2}].empty());
}

TEST_CASE("a look-up whose client has left is not worked on", "[gateway]") {
  GatewayRig rig;
  ccbus::ClientRequest request;
  request.mutable_ledger()->set_channel_id(kChannel.value);
  request.mutable_ledger()->mutable_chain_info();
  rig.request(request);
  REQUIRE(rig.chaincode.jobs().labels.size() == 1);
  CHECK_FALSE(rig.chaincode.jobs().labels[0].cancelled.is_cancelled());
  rig.gateway.on_client_gone(PeerId{1});
  CHECK(rig.chaincode.jobs().labels[0].cancelled.is_cancelled());
  rig.chaincode.run_jobs();
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a shutdown answers requests that wait for a block, and refuses new ones", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  rig.write_and_complete("k");
  rig.gateway.stop_accepting();
  rig.request(rig.submit(2));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().message() == "the service is shutting down");
  rig.gateway.shutdown();
  REQUIRE(rig.answers().size() == 2);
  CHECK(rig.answers()[1].status().code() == ccbus::UNAVAILABLE);
  CHECK_THAT(rig.answers()[1].status().message(), Contains("is unknown"));
}

TEST_CASE("a shutdown answers the requests whose jobs will not be run", "[gateway]") {
  GatewayRig rig;
  rig.commit("k");
  rig.answers().clear();
  ccbus::ClientRequest request;
  SECTION("a look-up") {
    request.mutable_ledger()->set_channel_id(kChannel.value);
    request.mutable_ledger()->mutable_chain_info();
  }
  SECTION("a verification") {
    request.mutable_ledger()->set_channel_id(kChannel.value);
    request.mutable_ledger()->mutable_verify();
  }
  SECTION("a snapshot") {
    request.mutable_ledger()->set_channel_id(kChannel.value);
    request.mutable_ledger()->mutable_snapshot()->set_directory("/snapshot");
  }
  SECTION("a new channel") {
    request.mutable_channel()->set_channel_id("second");
    request.mutable_channel()->mutable_create();
  }
  SECTION("events") {
    request.mutable_chaincode_events()->set_channel_id(kChannel.value);
    request.mutable_chaincode_events()->mutable_from()->set_block_number(0);
  }
  rig.request(request);
  rig.gateway.stop_accepting();
  REQUIRE(rig.answers().empty());
  for (const auto& job : rig.chaincode.jobs().jobs) {
    job->drop({ErrorCode::kUnavailable, gateway::kShuttingDown});
  }
  rig.chaincode.jobs().jobs.clear();
  rig.gateway.shutdown();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::UNAVAILABLE);
  CHECK(rig.answers()[0].status().message() == "the service is shutting down");
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("the status shows pools, states and heights", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  ccbus::ClientRequest request;
  request.mutable_status();
  rig.request(request);
  REQUIRE(rig.answers().size() == 1);
  const auto& status = rig.answers()[0].service_status();
  CHECK(status.version() == "1.2.3");
  REQUIRE(status.chaincodes_size() == 1);
  CHECK(status.chaincodes(0).name() == "basic");
  CHECK(status.chaincodes(0).members(0).chaincode_id() == "basic:1.0");
  CHECK(status.chaincodes(0).members(0).state() == "ready");
  CHECK(status.chaincodes(0).members(0).open_transactions() == 1);
  REQUIRE(status.channels_size() == 1);
  CHECK(status.channels(0).height() == 0);
  CHECK(status.counters().count("gateway_requests") == 1);
}

TEST_CASE("look-ups are counted separately from transactions", "[gateway]") {
  GatewayRig rig;
  ccbus::ClientRequest status;
  status.mutable_status();
  rig.request(status);
  CHECK(rig.counters.get(Counter::kClientRequests) == 1);
  CHECK(rig.counters.get(Counter::kClientLookUps) == 1);

  rig.orderer.full = true;
  rig.request(rig.submit(1));
  rig.write_and_complete("k");
  CHECK(rig.counters.get(Counter::kClientRequests) == 2);
  CHECK(rig.counters.get(Counter::kClientLookUps) == 1);
}

TEST_CASE("the status shows the commit metrics of a channel", "[gateway]") {
  GatewayRig rig;
  rig.channels.at(kChannel).metrics = [] {
    return gateway::CommitMetrics{7, {{"write", {{0.001, 0.01}, {3, 2, 1}, 0.5}}}};
  };
  ccbus::ClientRequest request;
  request.mutable_status();
  rig.request(request);
  REQUIRE(rig.answers().size() == 1);
  const auto& channel = rig.answers()[0].service_status().channels(0);
  CHECK(channel.waiting() == 7);
  REQUIRE(channel.stages_size() == 1);
  CHECK(channel.stages(0).name() == "write");
  CHECK(channel.stages(0).bounds(1) == 0.01);
  CHECK(channel.stages(0).counts(2) == 1);
}

TEST_CASE("the status shows the resource usage of the process", "[gateway]") {
  GatewayRig rig;
  ccbus::ClientRequest request;
  request.mutable_status();
  rig.request(request);
  const auto& first = rig.answers().at(0).service_status().usage();
  CHECK(first.resident_bytes() > 1u << 20);
  CHECK(first.resident_bytes() < std::uint64_t{1} << 40);
  // Each request uses processor time, so that the figure rises after some of them.
  std::uint64_t cpu_us = first.cpu_us();
  for (int i = 0; cpu_us <= first.cpu_us() && i < 1'000'000; ++i) {
    rig.request(request);
    cpu_us = rig.answers().back().service_status().usage().cpu_us();
  }
  CHECK(cpu_us > first.cpu_us());
}

}  // namespace
}  // namespace ccbus::test
