#include "service/gateway/admin/channel_admin.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

ccbus::ClientRequest create(const std::string& channel, const std::string& snapshot = "") {
  ccbus::ClientRequest request;
  request.set_correlation_id(5);
  request.mutable_channel()->set_channel_id(channel);
  request.mutable_channel()->mutable_create()->set_snapshot_directory(snapshot);
  return request;
}

ccbus::ClientRequest reset(const std::string& channel) {
  ccbus::ClientRequest request;
  request.mutable_channel()->set_channel_id(channel);
  request.mutable_channel()->mutable_reset();
  return request;
}

TEST_CASE("a new channel can be used by the next transaction", "[gateway][issue-3]") {
  GatewayRig rig;
  rig.request(create("second"));
  CHECK(rig.answers().empty());
  rig.chaincode.run_jobs();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 5);
  CHECK(rig.answers()[0].channel().channel_id() == "second");
  CHECK(rig.answers()[0].channel().height() == 0);

  auto request = rig.submit(6);
  request.mutable_submit()->mutable_invocation()->set_channel_id("second");
  rig.request(request);
  CHECK(rig.shim.last().channel_id() == "second");

  rig.request(create("second"));
  CHECK(rig.answers().back().status().code() == ccbus::ALREADY_EXISTS);
  CHECK(rig.answers().back().status().message() == "channel 'second' exists, at height 0");
}

TEST_CASE("a channel has the state database that is asked for, for ever", "[gateway][row-170]") {
  GatewayRig rig;
  auto request = create("second");
  request.mutable_channel()->mutable_create()->set_state_database("CouchDB");
  rig.request(request);
  rig.chaincode.run_jobs();
  CHECK(rig.answers().back().channel().state_database() == "CouchDB");
  CHECK(rig.channels.at({"second"}).ledger->state_database() == StateDatabase::kCouchDb);
  rig.request(create("third"));
  rig.chaincode.run_jobs();
  CHECK(rig.answers().back().channel().state_database() == "embedded");

  request.mutable_channel()->set_channel_id("fourth");
  request.mutable_channel()->mutable_create()->set_state_database("couchdb");
  rig.request(request);
  CHECK(rig.answers().back().status().code() == ccbus::INVALID_ARGUMENT);
  CHECK(rig.answers().back().status().message() ==
        "state database 'couchdb' is neither embedded nor CouchDB");
  request.mutable_channel()->mutable_create()->set_state_database("CouchDB");
  request.mutable_channel()->mutable_create()->set_snapshot_directory("/snapshots/fourth");
  rig.request(request);
  CHECK(rig.answers().back().status().message() ==
        "a channel from a snapshot has the snapshot's state database");
}

TEST_CASE("a channel can be made from a snapshot", "[gateway]") {
  GatewayRig rig;
  rig.request(create("second", "/snapshots/second"));
  rig.chaincode.run_jobs();
  CHECK(rig.host.made == std::vector<std::string>{"second from /snapshots/second"});
}

TEST_CASE("a channel without blocks can be reset to a snapshot, and survives an invalid one",
          "[gateway]") {
  GatewayRig rig;
  rig.request(create(kChannel.value, "/snapshots/ch1"));
  rig.chaincode.run_jobs();
  CHECK(rig.host.replaced == std::vector<std::string>{kChannel.value});
  CHECK(rig.answers().back().channel().channel_id() == kChannel.value);

  rig.host.refuse_snapshots = true;
  rig.request(create(kChannel.value, "/snapshots/broken"));
  rig.chaincode.run_jobs();
  CHECK(rig.answers().back().status().message() == "no snapshot");
  CHECK(rig.channels.contains(kChannel));
  CHECK(rig.host.made ==
        std::vector<std::string>{"ch1 from /snapshots/ch1", "ch1 from /snapshots/broken"});
}

TEST_CASE("a channel with blocks is not replaced by a snapshot", "[gateway]") {
  GatewayRig rig;
  rig.commit("k");
  rig.request(create(kChannel.value, "/snapshots/ch1"));
  CHECK(rig.answers().back().status().message() == "channel 'ch1' exists, at height 1");
  CHECK(rig.host.replaced.empty());
}

TEST_CASE("a channel that cannot be made is refused with the reason", "[gateway]") {
  GatewayRig rig;
  rig.request(create("Second"));
  CHECK(rig.answers().back().status().code() == ccbus::INVALID_ARGUMENT);
  CHECK_THAT(rig.answers().back().status().message(), Contains("'Second' is not a channel id"));
  rig.host.refusal = "no space left on device";
  rig.request(create("second"));
  rig.chaincode.run_jobs();
  CHECK(rig.answers().back().status().message() == "no space left on device");
  CHECK_FALSE(rig.channels.contains({"second"}));
  rig.chaincode.jobs().full = true;
  rig.request(create("second"));
  CHECK(rig.answers().back().status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("one channel is changed at a time", "[gateway]") {
  GatewayRig rig;
  rig.request(create("second"));
  rig.request(create("third"));
  CHECK_THAT(rig.answers().back().status().message(), Contains("one at a time"));
  rig.chaincode.run_jobs();
  rig.request(create("third"));
  rig.chaincode.run_jobs();
  CHECK(rig.channels.contains({"third"}));
}

TEST_CASE("a reset empties a channel, and waiting requests for it are answered",
          "[gateway][issue-3]") {
  GatewayRig rig;
  rig.commit("k");
  rig.answers().clear();
  rig.request(rig.submit(1));
  rig.write_and_complete("k2");  // Ordered, and in no block yet.
  rig.request(rig.submit(2));    // Still in the chaincode.
  rig.request(reset(kChannel.value));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].correlation_id() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::UNAVAILABLE);
  CHECK_THAT(rig.answers()[0].status().message(), Contains("the channel was reset"));

  rig.request(rig.submit(3));
  CHECK(rig.answers()[1].status().code() == ccbus::UNAVAILABLE);
  CHECK_THAT(rig.answers()[1].status().message(), Contains("begins anew"));
  rig.write_and_complete("k3");
  CHECK(rig.answers()[2].correlation_id() == 2);
  CHECK(rig.answers()[2].status().code() == ccbus::UNAVAILABLE);

  rig.chaincode.run_jobs();
  CHECK(rig.host.replaced == std::vector<std::string>{kChannel.value});
  REQUIRE(rig.answers().size() == 4);
  CHECK(rig.answers()[3].channel().height() == 0);
  CHECK(rig.channels.at(kChannel).ledger->height() == 0);
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a reset of a channel that does not exist is refused", "[gateway]") {
  GatewayRig rig;
  rig.request(reset("nowhere"));
  CHECK(rig.answers().back().status().message() == "channel 'nowhere' not found");
}

TEST_CASE("what was simulated before a reset is not ordered after it", "[gateway]") {
  GatewayRig rig;
  SECTION("a submit") {
    rig.request(rig.submit(1));
  }
  SECTION("an endorsement") {
    ccbus::ClientRequest request;
    *request.mutable_endorse()->mutable_invocation() = rig.submit(1).submit().invocation();
    rig.request(request);
  }
  rig.request(reset(kChannel.value));
  rig.chaincode.run_jobs();
  REQUIRE(rig.answers().size() == 1);
  rig.write_and_complete("k");
  REQUIRE(rig.answers().size() == 2);
  CHECK(rig.answers()[1].status().code() == ccbus::UNAVAILABLE);
  CHECK(rig.answers()[1].status().message() == "the channel was reset");
  CHECK_FALSE(rig.answers()[1].endorse().has_prepared_transaction());
  CHECK(rig.orderer.held.empty());
}

TEST_CASE("a reset ends the jobs that use the old ledger", "[gateway]") {
  GatewayRig rig;
  rig.commit("k", "event");
  rig.answers().clear();
  ccbus::ClientRequest request;
  SECTION("a verification") {
    request.mutable_ledger()->set_channel_id(kChannel.value);
    request.mutable_ledger()->mutable_verify();
    rig.request(request);
    rig.request(reset(kChannel.value));
    rig.chaincode.run_jobs();
    CHECK(rig.answers()[0].status().code() == ccbus::CANCELLED);
  }
  SECTION("a scan for events") {
    request.mutable_chaincode_events()->set_channel_id(kChannel.value);
    request.mutable_chaincode_events()->mutable_from()->set_block_number(0);
    rig.request(request);
    rig.request(reset(kChannel.value));
    rig.chaincode.run_jobs();
    CHECK(rig.answers()[0].status().code() == ccbus::UNAVAILABLE);
  }
  CHECK(rig.answers().size() == 2);
  CHECK(rig.gateway.requests_open() == 0);
}

}  // namespace
}  // namespace ccbus::test
