#include "service/gateway/gateway.h"

#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "tests/support/chaincode_rig.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

class RecordingClients final : public gateway::ClientOutbox {
 public:
  Result<void> send(PeerId client, const ccbus::ClientResponse& response) override {
    if (!connected) return fail(ErrorCode::kPeerGone, "the peer has left");
    answers[client].push_back(response);
    return {};
  }

  bool connected = true;
  std::map<PeerId, std::vector<ccbus::ClientResponse>> answers;
};

// Keeps what is ordered until the test makes a block of it.
class HeldOrderer final : public ordering::Orderer {
 public:
  Result<void> broadcast(OrderedEnvelope envelope) override {
    if (full) return fail(ErrorCode::kExhausted, "the queue is full");
    held.push_back(std::move(envelope));
    return {};
  }

  bool full = false;
  std::vector<OrderedEnvelope> held;
};

// A gateway between recorded clients and a played chaincode, on a ledger in memory.
struct GatewayRig {
  explicit GatewayRig(std::size_t requests_open_max = 100)
      : identity(*gateway::SigningIdentity::generate("DevMSP")),
        proposals(identity, gateway::random_bytes),
        channels{{kChannel, {&ledger.ledger(), &orderer}}},
        views(channels, 1 << 20),
        gateway({requests_open_max, 1 << 20, {"1.2.3", "memory", "tcp://a", "tcp://b", {}}},
                chaincode.engine(), channels, views, proposals, clients, *logger, counters),
        shim(chaincode.ready_shim("basic:1.0")) {}

  // What still runs is told while there is a gateway to be told.
  ~GatewayRig() { chaincode.engine().shutdown(chaincode.now()); }

  void request(const ccbus::ClientRequest& request) {
    const std::string bytes = request.SerializeAsString();
    gateway.on_message(chaincode.now(), PeerId{1}, std::as_bytes(std::span(bytes)));
  }

  ccbus::ClientRequest submit(std::uint64_t id) const {
    ccbus::ClientRequest made;
    made.set_correlation_id(id);
    auto* invocation = made.mutable_submit()->mutable_invocation();
    invocation->set_channel_id(kChannel.value);
    invocation->set_chaincode_name("basic");
    invocation->add_args("f");
    return made;
  }

  // The chaincode's last transaction writes a key and ends well.
  void write_and_complete(const std::string& key) {
    const std::string tx = shim.last().txid();
    shim.sends(put_state(tx, key, "v"));
    shim.sends(completed(tx, 200, "result"));
  }

  void cut_block() {
    auto block = ledger.ledger().commit(std::exchange(orderer.held, {}));
    REQUIRE(block.has_value());
    gateway.on_block(*block);
  }

  std::vector<ccbus::ClientResponse>& answers() { return clients.answers[PeerId{1}]; }

  LedgerRig ledger;
  HeldOrderer orderer;
  RecordingClients clients;
  ChaincodeRig chaincode;
  std::shared_ptr<Logger> logger = make_silent_logger();
  Counters counters;
  gateway::SigningIdentity identity;
  gateway::ProposalBuilder proposals;
  gateway::Channels channels;
  gateway::NewestViews views;
  gateway::Gateway gateway;
  FakeShim shim;
};

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
  rig.shim.sends(completed(rig.shim.last().txid(), status));
  CHECK(rig.orderer.held.size() == (ordered ? 1 : 0));
  CHECK(rig.answers().size() == (ordered ? 0 : 1));
}

TEST_CASE("an ERROR of the chaincode is the client's ABORTED with its text", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  rig.shim.sends(message(ChaincodeMessage::ERROR, rig.shim.last().txid(), "it broke"));
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].status().code() == ccbus::ABORTED);
  CHECK(rig.answers()[0].status().message() ==
        "failed to endorse transaction: error in simulation: transaction returned with failure: "
        "it broke");
}

TEST_CASE("a client that has left costs a counter, and its transaction commits", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  rig.clients.connected = false;
  rig.write_and_complete("k");
  rig.cut_block();
  CHECK(rig.ledger.value_of("k") == "v");
  CHECK(rig.counters.get(Counter::kClientAnswersLost) == 1);
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("requests beyond the limit are refused, and room is made by answers", "[gateway]") {
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

TEST_CASE("a shutdown tells who waits for a block, and refuses what comes", "[gateway]") {
  GatewayRig rig;
  rig.request(rig.submit(1));
  rig.write_and_complete("k");
  rig.gateway.shutdown();
  rig.request(rig.submit(2));
  REQUIRE(rig.answers().size() == 2);
  CHECK(rig.answers()[0].status().code() == ccbus::UNAVAILABLE);
  CHECK_THAT(rig.answers()[0].status().message(), Contains("is unknown"));
  CHECK(rig.answers()[1].status().message() == "the service is shutting down");
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

}  // namespace
}  // namespace ccbus::test
