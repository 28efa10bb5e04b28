#include "service/gateway/events/commit_statuses.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

ccbus::ClientRequest ask(std::uint64_t id, const std::string& tx, std::uint32_t wait_ms = 0) {
  ccbus::ClientRequest request;
  request.set_correlation_id(id);
  request.mutable_commit_status()->set_channel_id(kChannel.value);
  request.mutable_commit_status()->set_transaction_id(tx);
  request.mutable_commit_status()->set_wait_ms(wait_ms);
  return request;
}

TEST_CASE("the status of a transaction that is in a block is returned at once", "[gateway]") {
  GatewayRig rig;
  rig.commit("a");
  const std::string tx = rig.commit("k");
  rig.answers().clear();
  rig.request(ask(9, tx));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 9);
  CHECK(rig.answers()[0].commit_status().transaction_id() == tx);
  CHECK(rig.answers()[0].commit_status().validation_code() == protos::VALID);
  CHECK(rig.answers()[0].commit_status().block_number() == 1);
}

TEST_CASE("all requests for a commit status wait until the block comes", "[gateway][issue-3]") {
  GatewayRig rig;
  auto request = rig.submit(1);
  request.mutable_submit()->set_until(ccbus::SubmitRequest::ORDERED);
  rig.request(request);
  rig.write_and_complete("k");
  const std::string tx = rig.answers()[0].submit().transaction_id();
  rig.request(ask(2, tx));
  rig.request(ask(3, tx));
  CHECK(rig.answers().size() == 1);
  rig.cut_block();
  REQUIRE(rig.answers().size() == 3);
  CHECK(rig.answers()[1].commit_status().validation_code() == protos::VALID);
  CHECK(rig.answers()[2].commit_status().block_number() == 0);
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("an invalid outcome is returned like a valid one", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  rig.shim.sends(get_state(rig.shim.last().txid(), "k"));
  rig.write_and_complete("k");
  const auto stale = std::exchange(rig.orderer.held, {});
  rig.commit("k");
  rig.orderer.held = stale;
  rig.cut_block();
  rig.request(ask(2, stale[0].tx_id.value));
  CHECK(rig.answers().back().status().code() == ccbus::OK);
  CHECK(rig.answers().back().commit_status().validation_code() == protos::MVCC_READ_CONFLICT);
}

TEST_CASE("the wait ends with its deadline, which the error names", "[gateway]") {
  GatewayRig rig;
  rig.request(ask(1, "tx1", 500));
  rig.request(ask(2, "tx2"));
  rig.advance(499ms);
  CHECK(rig.answers().empty());
  rig.advance(1ms);
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::DEADLINE_EXCEEDED);
  CHECK(rig.answers()[0].status().message() ==
        "no block of channel ch1 had transaction tx1 within 500 ms");
  rig.advance(60s);
  REQUIRE(rig.answers().size() == 2);
  CHECK(rig.answers()[1].status().message() ==
        "no block of channel ch1 had transaction tx2 within 60000 ms");
}

TEST_CASE("a waiting request is dropped when its client leaves", "[gateway]") {
  GatewayRig rig;
  rig.request(ask(1, "tx1"));
  CHECK(rig.gateway.requests_open() == 1);
  rig.gateway.on_client_gone(PeerId{2});
  CHECK(rig.gateway.requests_open() == 1);
  rig.gateway.on_client_gone(PeerId{1});
  CHECK(rig.gateway.requests_open() == 0);
  CHECK(rig.answers().empty());
  CHECK_FALSE(rig.gateway.next_deadline().has_value());
}

TEST_CASE("a status without transaction id or channel is refused with Fabric's text", "[gateway]") {
  GatewayRig rig;
  auto request = ask(1, "");
  rig.request(request);
  CHECK(rig.answers().back().status().message() == "transaction ID should not be empty");
  request.mutable_commit_status()->clear_channel_id();
  rig.request(request);
  CHECK(rig.answers().back().status().message() == "no channel ID provided");
  request = ask(1, "tx");
  request.mutable_commit_status()->set_channel_id("nowhere");
  rig.request(request);
  CHECK(rig.answers().back().status().message() == "channel 'nowhere' not found");
}

}  // namespace
}  // namespace ccbus::test
