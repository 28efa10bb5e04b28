#include "service/gateway/events/events.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

ccbus::ClientRequest events_from(std::uint64_t block, const std::string& after = "") {
  ccbus::ClientRequest request;
  request.set_correlation_id(1);
  request.mutable_chaincode_events()->set_channel_id(kChannel.value);
  request.mutable_chaincode_events()->mutable_from()->set_block_number(block);
  request.mutable_chaincode_events()->mutable_from()->set_after_transaction_id(after);
  return request;
}

std::vector<std::string> names(const ccbus::ChaincodeEventsResponse& response) {
  std::vector<std::string> found;
  for (const auto& block : response.blocks()) {
    for (const auto& event : block.events()) {
      found.push_back(std::to_string(block.block_number()) + ":" + event.event_name());
    }
  }
  return found;
}

// A gateway rig for requests for events.
struct EventsRig : GatewayRig {
  const ccbus::ClientResponse& ask(const ccbus::ClientRequest& request_) {
    answers().clear();
    request(request_);
    chaincode.run_jobs();
    REQUIRE(answers().size() == 1);
    return answers()[0];
  }
};

TEST_CASE("events are returned from a block on, in order, with the next position",
          "[gateway][issue-3]") {
  EventsRig rig;
  rig.commit("a", "one");
  rig.commit("b");
  rig.commit("c", "two");
  const auto& all = rig.ask(events_from(0)).chaincode_events();
  CHECK(names(all) == std::vector<std::string>{"0:one", "2:two"});
  CHECK(all.next().block_number() == 3);
  CHECK(all.next().after_transaction_id().empty());
  CHECK(names(rig.ask(events_from(1)).chaincode_events()) == std::vector<std::string>{"2:two"});
}

TEST_CASE("a position after a transaction skips the events before it", "[gateway]") {
  EventsRig rig;
  rig.request(rig.submit(0));
  const std::string first = rig.shim.last().txid();
  auto done = completed(first);
  done.mutable_chaincode_event()->set_event_name("first");
  rig.shim.sends(done);
  rig.request(rig.submit(0));
  done = completed(rig.shim.last().txid());
  done.mutable_chaincode_event()->set_event_name("second");
  rig.shim.sends(done);
  rig.cut_block();
  CHECK(names(rig.ask(events_from(0)).chaincode_events()).size() == 2);
  CHECK(names(rig.ask(events_from(0, first)).chaincode_events()) ==
        std::vector<std::string>{"0:second"});

  const auto& refused = rig.ask(events_from(0, "nobody"));
  CHECK(refused.status().code() == ccbus::INVALID_ARGUMENT);
  CHECK_THAT(refused.status().message(), Contains("block 0 has no transaction nobody"));
  const auto& lost = rig.ask(events_from(1, first));
  CHECK(lost.status().code() == ccbus::INVALID_ARGUMENT);
  CHECK_THAT(lost.status().message(), Contains("has no block 1") && Contains("been reset since"));
}

TEST_CASE("a request without new events waits for the next block that has some", "[gateway]") {
  EventsRig rig;
  rig.commit("a", "old");
  rig.answers().clear();
  rig.request(events_from(1));
  rig.chaincode.run_jobs();
  CHECK(rig.answers().empty());
  rig.commit("b");
  rig.answers().clear();
  rig.chaincode.run_jobs();
  CHECK(rig.answers().empty());  // The block had no event.
  rig.commit("c", "new");
  rig.answers().clear();
  rig.chaincode.run_jobs();
  REQUIRE(rig.answers().size() == 1);
  CHECK(names(rig.answers()[0].chaincode_events()) == std::vector<std::string>{"2:new"});
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("without a start, only events of later blocks are returned", "[gateway]") {
  EventsRig rig;
  rig.commit("a", "old");
  auto request = events_from(0);
  request.mutable_chaincode_events()->clear_from();
  rig.request(request);
  rig.commit("b", "new");
  rig.answers().clear();
  rig.chaincode.run_jobs();
  REQUIRE(rig.answers().size() == 1);
  CHECK(names(rig.answers()[0].chaincode_events()) == std::vector<std::string>{"1:new"});
}

TEST_CASE("a block that comes while a worker reads is not missed", "[gateway]") {
  EventsRig rig;
  rig.commit("a");
  rig.answers().clear();
  rig.request(events_from(0));   // The job waits for a worker.
  rig.commit("b", "meanwhile");  // No request waits for its block.
  rig.answers().clear();
  rig.chaincode.run_jobs();
  REQUIRE(rig.answers().size() == 1);
  CHECK(names(rig.answers()[0].chaincode_events()) == std::vector<std::string>{"1:meanwhile"});
}

TEST_CASE("events of transactions that are not valid, and of other chaincodes, are left out",
          "[gateway]") {
  EventsRig rig;
  rig.request(rig.submit(0));
  rig.shim.sends(get_state(rig.shim.last().txid(), "k"));
  auto done = completed(rig.shim.last().txid());
  done.mutable_chaincode_event()->set_event_name("lost");
  rig.shim.sends(done);
  auto stale = std::exchange(rig.orderer.held, {});
  rig.commit("k", "won");
  rig.orderer.held = std::move(stale);
  rig.cut_block();
  CHECK(names(rig.ask(events_from(0)).chaincode_events()) == std::vector<std::string>{"0:won"});

  auto request = events_from(0);
  request.mutable_chaincode_events()->set_chaincode_name("basic");
  CHECK(names(rig.ask(request).chaincode_events()).size() == 1);
  request.mutable_chaincode_events()->set_chaincode_name("other");
  rig.answers().clear();
  rig.request(request);
  rig.chaincode.run_jobs();
  CHECK(rig.answers().empty());
  rig.gateway.stop_accepting();
  CHECK(rig.answers().back().status().code() == ccbus::UNAVAILABLE);
}

TEST_CASE("a wait without events ends with the next position", "[gateway]") {
  EventsRig rig;
  rig.commit("a");
  rig.answers().clear();
  auto request = events_from(0);
  request.mutable_chaincode_events()->set_wait_ms(200);
  rig.request(request);
  rig.chaincode.run_jobs();
  rig.advance(199ms);
  CHECK(rig.answers().empty());
  rig.advance(1ms);
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::OK);
  CHECK(rig.answers()[0].chaincode_events().blocks_size() == 0);
  CHECK(rig.answers()[0].chaincode_events().next().block_number() == 1);
}

TEST_CASE("a waiting request for events is dropped when its client leaves", "[gateway]") {
  EventsRig rig;
  rig.request(events_from(0));
  rig.gateway.on_client_gone(PeerId{1});
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("blocks are returned whole or filtered", "[gateway][issue-3]") {
  EventsRig rig;
  const std::string tx = rig.commit("a", "one");
  rig.commit("b");
  ccbus::ClientRequest request;
  request.mutable_block_events()->set_channel_id(kChannel.value);
  request.mutable_block_events()->set_block_number(0);
  const auto& whole = rig.ask(request).block_events();
  REQUIRE(whole.blocks_size() == 2);
  CHECK(whole.blocks(1).header().number() == 1);
  CHECK(whole.next_block_number() == 2);

  request.mutable_block_events()->set_filtered(true);
  const auto& filtered = rig.ask(request).block_events();
  CHECK(filtered.blocks_size() == 0);
  REQUIRE(filtered.filtered_blocks_size() == 2);
  const auto& transaction = filtered.filtered_blocks(0).transactions(0);
  CHECK(transaction.transaction_id() == tx);
  CHECK(transaction.chaincode_name() == "basic");
  CHECK(transaction.validation_code() == protos::VALID);
  CHECK(transaction.event().event_name() == "one");
}

TEST_CASE("a scan that ends while the service stops returns its events, or UNAVAILABLE",
          "[gateway]") {
  EventsRig rig;
  rig.commit("a");
  const bool has_event = GENERATE(true, false);
  if (has_event) rig.commit("b", "one");
  rig.answers().clear();
  rig.request(events_from(0));
  REQUIRE(rig.chaincode.jobs().jobs.size() == 1);
  rig.gateway.stop_accepting();
  CHECK(rig.answers().empty());
  rig.chaincode.run_jobs();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == (has_event ? ccbus::OK : ccbus::UNAVAILABLE));
  CHECK(rig.gateway.is_drained());
}

TEST_CASE("a request for events is refused if too many jobs wait", "[gateway]") {
  EventsRig rig;
  rig.commit("a", "one");
  rig.chaincode.jobs().full = true;
  rig.request(events_from(0));
  CHECK(rig.answers().back().status().code() == ccbus::RESOURCE_EXHAUSTED);
  CHECK(rig.gateway.requests_open() == 0);
}

}  // namespace
}  // namespace ccbus::test
