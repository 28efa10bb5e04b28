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
  using GatewayRig::GatewayRig;

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

TEST_CASE("a request for events that a worker has does not wait for a client that has left",
          "[gateway][issue-13]") {
  EventsRig rig;
  rig.commit("a");
  rig.request(events_from(0));
  rig.gateway.on_client_gone(PeerId{1});
  CHECK(rig.gateway.requests_open() == 1);  // A worker looks at the block, which has no event.
  rig.chaincode.run_jobs();
  CHECK(rig.gateway.requests_open() == 0);
  CHECK_FALSE(rig.gateway.next_deadline().has_value());
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

TEST_CASE("a request for events is answered although too many jobs of others wait", "[gateway]") {
  EventsRig rig;
  rig.commit("a", "one");
  rig.answers().clear();
  rig.chaincode.jobs().full = true;
  CHECK(names(rig.ask(events_from(0)).chaincode_events()) == std::vector<std::string>{"0:one"});
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("3,000 requests that wait for one block share its scans, and all are answered",
          "[gateway]") {
  EventsRig rig(10'000);
  rig.commit("a");
  constexpr std::uint64_t kClients = 3'000;
  for (std::uint64_t client = 1; client <= kClients; ++client) {
    auto request = events_from(1);
    if (client % 3 == 1) request.mutable_chaincode_events()->set_chaincode_name("basic");
    if (client % 3 == 2) {
      request.clear_chaincode_events();
      request.mutable_block_events()->set_channel_id(kChannel.value);
      request.mutable_block_events()->set_block_number(1);
      request.mutable_block_events()->set_filtered(client % 2 == 0);
    }
    rig.request_of(PeerId{client}, request);
  }
  rig.chaincode.jobs().full = true;
  rig.clients.answers.clear();
  rig.chaincode.jobs().labels.clear();
  rig.commit("b", "sold");
  CHECK(rig.chaincode.jobs().jobs.size() <= gateway::Events::kScansMax);
  rig.answers().clear();
  rig.chaincode.run_jobs();
  CHECK(rig.chaincode.jobs().labels.size() ==
        (kClients + gateway::Events::kRequestsPerScan - 1) / gateway::Events::kRequestsPerScan);
  for (std::uint64_t client = 1; client <= kClients; ++client) {
    const auto& answers = rig.clients.answers[PeerId{client}];
    REQUIRE(answers.size() == 1);
    REQUIRE(answers[0].status().code() == ccbus::OK);
    const bool has_event = client % 3 == 2 ? answers[0].block_events().next_block_number() == 2
                                           : names(answers[0].chaincode_events()) ==
                                                 std::vector<std::string>{"1:sold"};
    REQUIRE(has_event);
  }
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("one client's many requests that catch up do not hold up another client's", "[gateway]") {
  EventsRig rig(10'000);
  constexpr std::uint64_t kBlocks = 100;
  for (std::uint64_t block = 0; block < kBlocks; ++block)
    rig.commit("k" + std::to_string(block), "e");
  rig.clients.answers.clear();
  for (int round = 0; round < 20; ++round) {
    for (std::uint64_t block = 0; block < kBlocks; ++block) rig.request(events_from(block));
  }
  CHECK(rig.chaincode.jobs().jobs.size() == gateway::Events::kScansMax);
  rig.request_of(PeerId{2}, events_from(50));
  // The scans that were under way, one more of the first client, and the other client's.
  for (std::size_t scans = 0; scans < gateway::Events::kScansMax + 2; ++scans) {
    const auto job = std::move(rig.chaincode.jobs().jobs.front());
    rig.chaincode.jobs().jobs.pop_front();
    job->carry_out();
    job->end(rig.chaincode.now());
  }
  CHECK(rig.clients.answers[PeerId{2}].size() == 1);
  rig.chaincode.run_jobs();
  CHECK(rig.answers().size() == 20 * kBlocks);
}

TEST_CASE("a scan is bounded in blocks, steps and bytes, and the next one goes on", "[gateway]") {
  EventsRig rig;
  for (int block = 0; block < 4; ++block) rig.commit("k" + std::to_string(block), "e");
  const auto scan_of = [&rig](std::uint64_t from) {
    return gateway::make_scan(events_from(from).chaincode_events(), rig.ledger.ledger().height());
  };
  gateway::ScanGroup group(GatewayRig::borrowed(rig.ledger.ledger()));
  for (int i = 0; i < 3; ++i) group.add(scan_of(0));
  const auto positions = [&group] {
    std::vector<std::uint64_t> all;
    for (const auto& member : group.members()) all.push_back(member.scan->next());
    return all;
  };
  using Positions = std::vector<std::uint64_t>;
  group.run({.blocks = 1});
  CHECK(positions() == Positions{1, 1, 1});
  group.run({.steps = 4});
  CHECK(positions() == Positions{3, 2, 2});
  group.run({.bytes = 1});
  CHECK(positions() == Positions{4, 2, 2});
  group.run({});
  CHECK(positions() == Positions{4, 2, 2});  // Those behind are at another position: a new group.
}

TEST_CASE("turns of requests that are over do not pile up while no worker is free", "[gateway]") {
  EventsRig rig;
  rig.commit("a", "one");
  gateway::Replies replies({1'000, 1'000}, rig.clients, *rig.logger, rig.counters);
  gateway::Events events(rig.channels, rig.chaincode.jobs(), replies, 60s);
  Now now = rig.chaincode.now();
  std::size_t turns_most = 0;
  for (int round = 0; round < 50'000; ++round) {
    auto taken = replies.take({PeerId{1}, 1}, gateway::Places::Kind::kWaiting, "");
    REQUIRE(taken.has_value());
    auto request = events_from(0).chaincode_events();
    request.set_wait_ms(1);
    events.ask(now, std::move(*taken), request);
    now.steady += 1ms;
    events.on_timer(now);
    turns_most = std::max(turns_most, events.turns());
  }
  CHECK(turns_most > 1'000);
  CHECK(turns_most < 11'000);
  rig.chaincode.run_jobs();
  CHECK(replies.requests_open() == 0);
}

TEST_CASE("texts of requests that wait are bounded", "[gateway]") {
  EventsRig rig;
  const std::string text(256, 'x');
  auto request = events_from(0, text);
  CHECK(rig.ask(request).status().code() == ccbus::INVALID_ARGUMENT);
  request = events_from(0);
  request.mutable_chaincode_events()->set_chaincode_name(text);
  CHECK(rig.ask(request).status().code() == ccbus::INVALID_ARGUMENT);
  ccbus::ClientRequest status;
  status.mutable_commit_status()->set_channel_id(kChannel.value);
  status.mutable_commit_status()->set_transaction_id(text);
  CHECK(rig.ask(status).status().message() == "a transaction ID of 256 bytes is longer than 255");
}

}  // namespace
}  // namespace ccbus::test
