#include <catch2/catch.hpp>
#include <functional>
#include <future>
#include <string>

#include "bindings/cpp/src/client/heights.h"
#include "bindings/cpp/tests/support/scripted_service.h"
#include "fabric/gateway/gateway.pb.h"
#include "fabric/peer/proposal.pb.h"

using namespace ccbus::testing;
using namespace std::chrono_literals;
namespace client = ccbus::client;

namespace {

// A client and its service: one call and its answer at a time.
struct HeightRig {
  explicit HeightRig(bool reads_own_writes = true)
      : client([&] {
          auto options = options_for(service.endpoint());
          options.reads_own_writes = reads_own_writes;
          return options;
        }()) {}

  // Sends a request, answers it with this height and code, and returns what it has asked for.
  std::uint64_t asked(ccbus::ClientRequest request, std::uint64_t height,
                      ccbus::StatusCode code = ccbus::OK) {
    auto reply =
        std::async(std::launch::async, [&] { return client.call(std::move(request), kPatience); });
    const auto heard = hear(service);
    ccbus::ClientResponse response;
    response.set_height(height);
    if (code != ccbus::OK) response.mutable_status()->set_code(code);
    answer(service, heard, response);
    CHECK(reply.get().error.code == code);
    return heard.message.min_height();
  }

  ScriptedRouter service;
  client::Client client;
};

ccbus::ClientRequest evaluate(const std::string& channel = "mychannel") {
  ccbus::ClientRequest request;
  request.mutable_evaluate()->mutable_invocation()->set_channel_id(channel);
  return request;
}

ccbus::ClientRequest with_height(ccbus::ClientRequest request, std::uint64_t min_height) {
  request.set_min_height(min_height);
  return request;
}

}  // namespace

TEST_CASE("a client reads what it has written: it asks for the highest height that it has seen",
          "[client][row-308]") {
  HeightRig rig;
  CHECK(rig.asked(evaluate(), 5) == 0);
  CHECK(rig.asked(evaluate(), 7) == 5);
  CHECK(rig.asked(evaluate(), 0, ccbus::ABORTED) == 7);
  CHECK(rig.asked(evaluate(), 7) == 7);
  CHECK(rig.asked(evaluate("other"), 2) == 0);  // Each channel has its own.
  CHECK(rig.asked(evaluate("other"), 2) == 2);
  CHECK(rig.asked(with_height(evaluate(), 3), 8) == 3);  // What the caller says counts.
  CHECK(rig.asked(evaluate(), 8) == 8);
  ccbus::ClientRequest status;
  status.mutable_status();
  CHECK(rig.asked(status, 0) == 0);
}

TEST_CASE("a client that does not want it asks for no height", "[client]") {
  HeightRig rig(false);
  CHECK(rig.asked(evaluate(), 5) == 0);
  CHECK(rig.asked(evaluate(), 5) == 0);
  CHECK(rig.asked(with_height(evaluate(), 3), 5) == 3);
}

TEST_CASE("a channel that has begun anew does not hold a client back for ever", "[client]") {
  HeightRig rig;
  CHECK(rig.asked(evaluate(), 1'000) == 0);
  SECTION("one request waits in vain, and its answer has the height that there is") {
    const std::uint64_t there = GENERATE(0, 3);
    CHECK(rig.asked(evaluate(), there, ccbus::DEADLINE_EXCEEDED) == 1'000);
    CHECK(rig.asked(evaluate(), there + 1) == there);
    CHECK(rig.asked(evaluate(), there + 1) == there + 1);
  }
  SECTION("an answer from a lower state tells of it") {
    CHECK(rig.asked(evaluate(), 0) == 1'000);  // From no state.
    CHECK(rig.asked(evaluate(), 2) == 1'000);
    CHECK(rig.asked(evaluate(), 3) == 2);
  }
  SECTION("a deadline of something else says nothing about the channel") {
    CHECK(rig.asked(evaluate(), 1'000, ccbus::DEADLINE_EXCEEDED) == 1'000);
    CHECK(rig.asked(evaluate(), 1'000) == 1'000);
  }
  SECTION("nor does another error") {
    CHECK(rig.asked(evaluate(), 0, ccbus::ABORTED) == 1'000);
    CHECK(rig.asked(evaluate(), 1'000) == 1'000);
  }
  SECTION("a request that is open while the channel is reset is answered UNAVAILABLE") {
    CHECK(rig.asked(evaluate(), 0, ccbus::UNAVAILABLE) == 1'000);
    CHECK(rig.asked(evaluate(), 1) == 0);
  }
  SECTION("a reset by this client is known at once") {
    ccbus::ClientRequest reset;
    reset.mutable_channel()->set_channel_id("mychannel");
    reset.mutable_channel()->mutable_reset();
    CHECK(rig.asked(reset, 0, ccbus::RESOURCE_EXHAUSTED) == 0);
    CHECK(rig.asked(evaluate(), 1'000) == 1'000);  // It has not taken place.
    CHECK(rig.asked(reset, 0) == 0);
    CHECK(rig.asked(evaluate(), 1) == 0);
  }
}

TEST_CASE("the channel is found in every kind of request", "[client]") {
  const std::string channel = "mychannel";
  common::ChannelHeader channel_header;
  channel_header.set_channel_id(channel);
  common::Header header;
  header.set_channel_header(channel_header.SerializeAsString());
  protos::Proposal proposal;
  proposal.set_header(header.SerializeAsString());
  common::Payload payload;
  *payload.mutable_header() = header;
  gateway::CommitStatusRequest status;
  status.set_channel_id(channel);
  gateway::ChaincodeEventsRequest events;
  events.set_channel_id(channel);

  const auto knows = [&](const std::function<void(ccbus::ClientRequest&)>& fill) {
    client::Heights heights;
    ccbus::ClientResponse seven;
    seven.set_height(7);
    auto first = evaluate(channel);
    client::Heights::learn(heights.ask(first), seven);
    ccbus::ClientRequest request;
    fill(request);
    static_cast<void>(heights.ask(request));
    return request.min_height() == 7;
  };
  using Request = ccbus::ClientRequest;
  CHECK(knows(
      [&](Request& one) { one.mutable_endorse()->mutable_invocation()->set_channel_id(channel); }));
  CHECK(knows(
      [&](Request& one) { one.mutable_submit()->mutable_invocation()->set_channel_id(channel); }));
  CHECK(knows([&](Request& one) {
    one.mutable_evaluate()->mutable_proposed_transaction()->set_proposal_bytes(
        proposal.SerializeAsString());
  }));
  CHECK(knows([&](Request& one) {
    one.mutable_endorse()->mutable_proposed_transaction()->set_proposal_bytes(
        proposal.SerializeAsString());
  }));
  CHECK(knows([&](Request& one) {
    one.mutable_submit()->mutable_prepared_transaction()->set_payload(payload.SerializeAsString());
  }));
  CHECK(knows([&](Request& one) { one.mutable_commit_status()->set_channel_id(channel); }));
  CHECK(knows([&](Request& one) {
    one.mutable_commit_status()->mutable_signed_request()->set_request(status.SerializeAsString());
  }));
  CHECK(knows([&](Request& one) { one.mutable_chaincode_events()->set_channel_id(channel); }));
  CHECK(knows([&](Request& one) {
    one.mutable_chaincode_events()->mutable_signed_request()->set_request(
        events.SerializeAsString());
  }));
  CHECK(knows([&](Request& one) { one.mutable_block_events()->set_channel_id(channel); }));
  CHECK(knows([&](Request& one) { one.mutable_define()->set_channel_id(channel); }));
  CHECK(knows([&](Request& one) { one.mutable_ledger()->set_channel_id(channel); }));
  CHECK(knows([&](Request& one) {
    one.mutable_channel()->set_channel_id(channel);
    one.mutable_channel()->mutable_configure();
  }));
  CHECK_FALSE(knows([&](Request& one) { one.mutable_keys(); }));
}

TEST_CASE("heights of a bounded number of channels are remembered", "[client]") {
  client::Heights heights;
  ccbus::ClientResponse seven;
  seven.set_height(7);
  for (std::size_t i = 0; i <= client::Heights::kChannelsMax; ++i) {
    auto request = evaluate("channel" + std::to_string(i));
    client::Heights::learn(heights.ask(request), seven);
  }
  auto first = evaluate("channel0");
  static_cast<void>(heights.ask(first));
  CHECK(first.min_height() == 7);
  auto last = evaluate("channel" + std::to_string(client::Heights::kChannelsMax));
  static_cast<void>(heights.ask(last));
  CHECK(last.min_height() == 0);
}
