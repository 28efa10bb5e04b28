#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "service/gateway/gateway.h"
#include "tests/support/chaincode_rig.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {

// Records what the gateway answers.
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

}  // namespace ccbus::test
