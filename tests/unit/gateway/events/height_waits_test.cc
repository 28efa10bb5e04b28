#include "service/gateway/events/height_waits.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

ccbus::ClientRequest at_height(ccbus::ClientRequest request, std::uint64_t min_height) {
  request.set_min_height(min_height);
  return request;
}

ccbus::ClientRequest evaluation(std::uint64_t id = 0) {
  ccbus::ClientRequest request;
  request.set_correlation_id(id);
  auto* invocation = request.mutable_evaluate()->mutable_invocation();
  invocation->set_channel_id(kChannel.value);
  invocation->set_chaincode_name("basic");
  invocation->add_args("f");
  return request;
}

ccbus::ClientRequest chain_info() {
  ccbus::ClientRequest request;
  request.mutable_ledger()->set_channel_id(kChannel.value);
  request.mutable_ledger()->mutable_chain_info();
  return request;
}

struct HeightRig : GatewayRig {
  // Runs the chaincode's last transaction to its end, without a write.
  void complete() { shim.sends(completed(shim.last().txid())); }
  // Commits a block for another client.
  void add_block(const std::string& key) {
    request_of(PeerId{2}, submit(0));
    write_and_complete(key);
    cut_block();
  }
};

TEST_CASE("answers carry the height of what they are from", "[gateway][row-307]") {
  HeightRig rig;
  const std::string tx = rig.commit("a");
  CHECK(rig.answers().back().height() == 1);
  rig.commit("b");
  CHECK(rig.answers().back().height() == 2);
  rig.answers().clear();
  ccbus::ClientRequest request;
  std::uint64_t height = 2;
  SECTION("of an evaluate: its snapshot's") {
    rig.request(evaluation());
    const std::string evaluated = rig.shim.last().txid();
    rig.add_block("c");
    rig.shim.sends(completed(evaluated));
  }
  SECTION("of an endorse") {
    *request.mutable_endorse()->mutable_invocation() = evaluation().evaluate().invocation();
    rig.request(request);
    rig.complete();
  }
  SECTION("of a status: with the transaction's block") {
    request.mutable_commit_status()->set_channel_id(kChannel.value);
    request.mutable_commit_status()->set_transaction_id(tx);
    rig.request(request);
    height = 1;
  }
  SECTION("of events: what was read") {
    request.mutable_block_events()->set_channel_id(kChannel.value);
    request.mutable_block_events()->set_block_number(1);
    rig.request(request);
    rig.chaincode.run_jobs();
  }
  SECTION("of events at a position that is not there") {
    request.mutable_block_events()->set_channel_id(kChannel.value);
    request.mutable_block_events()->set_block_number(7);
    request.mutable_block_events()->set_wait_ms(1);
    rig.request(request);
    rig.advance(1ms);
  }
  SECTION("of a look-up") {
    rig.request(chain_info());
    rig.chaincode.run_jobs();
  }
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].height() == height);
}

TEST_CASE("a request waits until its channel is as high as it asks for", "[gateway][row-308]") {
  HeightRig rig;
  ccbus::ClientRequest request;
  request.set_correlation_id(7);
  SECTION("an evaluate") {
    request = evaluation(7);
  }
  SECTION("an endorse") {
    *request.mutable_endorse()->mutable_invocation() = evaluation().evaluate().invocation();
  }
  SECTION("a submit") {
    request = rig.submit(7);
  }
  rig.request(at_height(request, 2));
  rig.add_block("a");
  const std::string before = rig.shim.last().txid();
  rig.gateway.on_timer(rig.chaincode.now());
  CHECK(rig.shim.last().txid() == before);
  rig.add_block("b");
  CHECK(rig.shim.last().txid() != before);
  CHECK(rig.answers().empty());
  rig.complete();
  if (request.has_submit()) rig.cut_block();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 7);
  CHECK(rig.answers()[0].status().code() == ccbus::OK);
  CHECK(rig.answers()[0].height() == (request.has_submit() ? 3 : 2));
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a look-up that waits for a height sees the block", "[gateway]") {
  HeightRig rig;
  rig.request(at_height(chain_info(), 1));
  rig.chaincode.run_jobs();
  CHECK(rig.answers().empty());
  rig.add_block("a");
  rig.chaincode.run_jobs();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].ledger().chain_info().height() == 1);
}

TEST_CASE("a height that does not come in time is told with the one that there is",
          "[gateway][row-308]") {
  HeightRig rig;
  rig.add_block("a");
  auto request = at_height(evaluation(), 5);
  const bool has_timeout = GENERATE(true, false);
  if (has_timeout) request.set_timeout_ms(500);
  const auto wait = has_timeout ? 500ms : 60'000ms;  // The rig's peer.gateway.waitTimeout.
  rig.request(request);
  CHECK(rig.gateway.next_deadline() == rig.chaincode.now().steady + wait);
  rig.advance(wait - 1ms);
  CHECK(rig.answers().empty());
  rig.advance(1ms);
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::DEADLINE_EXCEEDED);
  CHECK(rig.answers()[0].status().message() ==
        "channel 'ch1' has height 1, below the requested min_height 5");
  CHECK(rig.answers()[0].height() == 1);
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("an error of a request that has its height is not below it", "[gateway]") {
  HeightRig rig;
  rig.add_block("a");
  rig.add_block("b");
  auto request = at_height(rig.submit(1), 2);
  SECTION("its timeout") {
    request.set_timeout_ms(100);
    rig.request(request);
    rig.advance(100ms);
  }
  SECTION("of the chaincode") {
    rig.request(request);
    rig.shim.sends(completed(rig.shim.last().txid(), 500));
  }
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() != ccbus::OK);
  CHECK(rig.answers()[0].height() == 2);
}

TEST_CASE("what waits for a height takes a waiting place, and a working one when it goes on",
          "[gateway]") {
  HeightRig rig;
  rig.request(at_height(evaluation(1), 1));
  CHECK(rig.gateway.requests_open() == 1);
  rig.add_block("a");
  CHECK(rig.gateway.requests_open() == 1);
  rig.complete();
  CHECK(rig.gateway.requests_open() == 0);

  GatewayRig full(2);
  full.request(at_height(evaluation(1), 1));
  auto ordered = full.submit(1);
  ordered.mutable_submit()->set_until(ccbus::SubmitRequest::ORDERED);
  full.request_of(PeerId{2}, ordered);
  full.write_and_complete("a");
  full.request_of(PeerId{3}, full.submit(1));  // These take both places of what works.
  full.request_of(PeerId{4}, full.submit(1));
  full.cut_block();
  REQUIRE(full.answers().size() == 1);
  CHECK(full.answers()[0].status().code() == ccbus::RESOURCE_EXHAUSTED);
}

TEST_CASE("requests that wait for a height go on in bounded turns", "[gateway]") {
  constexpr std::size_t kCount = gateway::HeightWaits::kPerTurn + 44;
  GatewayRig rig(4 * kCount);
  rig.signing_is_slow = true;
  for (std::size_t i = 0; i < kCount; ++i) {
    ccbus::ClientRequest request;  // Refused when it goes on: there is no such chaincode.
    request = evaluation(i + 1);
    request.mutable_evaluate()->mutable_invocation()->set_chaincode_name("nobody");
    rig.request(at_height(request, 1));
  }
  rig.request_of(PeerId{2}, rig.submit(1));
  rig.sign();
  rig.write_and_complete("a");
  rig.cut_block();
  CHECK(rig.answers().size() == gateway::HeightWaits::kPerTurn);
  CHECK(rig.gateway.next_deadline() == SteadyTime());
  rig.gateway.on_timer(rig.chaincode.now());
  CHECK(rig.answers().size() == kCount);
  CHECK_FALSE(rig.gateway.next_deadline().has_value());
}

TEST_CASE("requests that wait for a height hold a bounded number of bytes", "[gateway]") {
  GatewayRig rig(20);
  rig.gateway.on_timer(rig.chaincode.now());
  auto large =
      at_height(evaluation(1), 1);  // The rig's limit is 1 MiB in all, half for one client.
  large.mutable_evaluate()->mutable_invocation()->add_args(std::string(600'000, 'x'));
  rig.request(large);
  CHECK(rig.answers().empty());
  rig.request(large);
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK_THAT(rig.answers()[0].status().message(), Contains("limits.preparedBytes"));
  rig.advance(60s);
  rig.answers().clear();
  rig.request(large);  // What has waited has given its bytes back.
  CHECK(rig.answers().empty());
}

TEST_CASE("what waits for a height ends with its channel, its client and the service",
          "[gateway]") {
  HeightRig rig;
  rig.request(at_height(evaluation(1), 1));
  SECTION("the channel begins anew") {
    ccbus::ClientRequest reset;
    reset.set_correlation_id(2);
    reset.mutable_channel()->set_channel_id(kChannel.value);
    reset.mutable_channel()->mutable_reset();
    rig.request_of(PeerId{2}, reset);
    REQUIRE(rig.answers().size() == 1);
    CHECK(rig.answers()[0].status().code() == ccbus::UNAVAILABLE);
    CHECK_THAT(rig.answers()[0].status().message(), Contains("begins anew"));
  }
  SECTION("the client leaves") {
    rig.gateway.on_client_gone(PeerId{1});
    CHECK(rig.answers().empty());
  }
  SECTION("the service stops") {
    rig.gateway.stop_accepting();
    REQUIRE(rig.answers().size() == 1);
    CHECK_THAT(rig.answers()[0].status().message(), EndsWith("shutting down"));
  }
  rig.chaincode.run_jobs();
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("nobody waits for a height that a channel had before it was reset", "[gateway]") {
  HeightRig rig;
  rig.commit("a");
  rig.commit("b");
  ccbus::ClientRequest reset;
  reset.mutable_channel()->set_channel_id(kChannel.value);
  reset.mutable_channel()->mutable_reset();
  rig.request_of(PeerId{2}, reset);
  rig.chaincode.run_jobs();
  rig.answers().clear();
  rig.request(at_height(evaluation(), 2));
  rig.complete();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::OK);
  rig.answers().clear();
  rig.request(at_height(evaluation(), 3));  // It never was as high.
  CHECK(rig.answers().empty());
}

TEST_CASE("a height is asked of what has one", "[gateway]") {
  HeightRig rig;
  ccbus::ClientRequest request;
  SECTION("a status has none") {
    request.mutable_status();
  }
  SECTION("nor has a channel that is not there") {
    request = evaluation();
    request.mutable_evaluate()->mutable_invocation()->set_channel_id("other");
  }
  SECTION("a channel that is made neither") {
    request.mutable_channel()->set_channel_id(kChannel.value);
    request.mutable_channel()->mutable_create();
  }
  rig.request(at_height(request, 9));
  CHECK(rig.answers().size() == 1);
}

}  // namespace
}  // namespace ccbus::test
