#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "service/gateway/gateway.h"
#include "service/security/dev/dev_identities.h"
#include "tests/support/chaincode_rig.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {

// Records the answers of the gateway.
class RecordingClients final : public gateway::ClientOutbox {
 public:
  Result<void> send(PeerId client, const ccbus::ClientResponse& response) override {
    if (!connected) return fail(ErrorCode::kPeerGone, "the peer has left");
    if (response.ByteSizeLong() > bytes_max) {
      return fail(ErrorCode::kInvalid, "a message of " + std::to_string(response.ByteSizeLong()) +
                                           " bytes exceeds the limit of " +
                                           std::to_string(bytes_max));
    }
    if (is_full) return fail(ErrorCode::kExhausted, "its queue holds 5 messages");
    answers[client].push_back(response);
    return {};
  }
  void end(PeerId client, std::string_view reason) override {
    ended.emplace_back(client, std::string(reason));
  }

  bool connected = true;
  bool is_full = false;
  std::vector<std::pair<PeerId, std::string>> ended;
  std::size_t bytes_max = 1 << 20;
  std::map<PeerId, std::vector<ccbus::ClientResponse>> answers;
};

// Keeps the envelopes that are ordered until the test makes a block of them.
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

// Makes channels with ledgers in memory. All of them share one orderer.
class FakeHost final : public gateway::ChannelHost {
 public:
  explicit FakeHost(ordering::Orderer& orderer) : orderer_(orderer) {}

  Result<gateway::Channel> make(const ChannelId& channel,
                                const gateway::ChannelBeginning& beginning,
                                const CancellationToken&) override {
    const auto& snapshot = beginning.snapshot;
    made.push_back(channel.value + (snapshot ? " from " + snapshot->string() : ""));
    if (!refusal.empty()) return fail(ErrorCode::kIo, refusal);
    if (snapshot && refuse_snapshots) return fail(ErrorCode::kNotFound, "no snapshot");
    ledger::ChannelLedger::Options options;
    options.state_database = beginning.state_database.value_or(StateDatabase::kEmbedded);
    auto ledger = ledger::ChannelLedger::open(channel, std::move(options));
    REQUIRE(ledger.has_value());
    return gateway::Channel{std::move(*ledger), &orderer_};
  }
  Result<void> replace(const ChannelId& channel, const gateway::ChannelBeginning& beginning,
                       const CancellationToken& cancelled) override {
    auto fresh = make(channel, beginning, cancelled);
    if (!fresh) return unexpected(fresh.error());
    there[channel] = std::move(*fresh);
    replaced.push_back(channel.value);
    return {};
  }
  gateway::Channel find(const ChannelId& channel) override { return there.at(channel); }

  std::string refusal;
  bool refuse_snapshots = false;
  std::vector<std::string> made;
  std::vector<std::string> replaced;
  gateway::Channels there;

 private:
  ordering::Orderer& orderer_;
};

// Makes organisations of development in memory.
class FakeOrganizations final : public gateway::OrganizationHost {
 public:
  Result<gateway::DevelopmentOrganization> open(const std::string& msp_id) override {
    auto made = security::DevIdentities::make(msp_id);
    if (!made) return unexpected(made.error());
    const auto shared = std::make_shared<const security::DevIdentities>(std::move(*made));
    gateway::DevelopmentOrganization organization;
    organization.config.set_config(shared->msp_config().SerializeAsString());
    organization.identities = {
        {shared, &shared->peer()}, {shared, &shared->client()}, {shared, &shared->admin()}, shared};
    return organization;
  }
};

// A gateway on a ledger in memory, with recorded clients and a chaincode whose messages the test
// sends.
struct GatewayRig {
  using Signatures = gateway::ProposalBuilder::Signatures;

  explicit GatewayRig(std::size_t requests_open_max = 100, LedgerRig on = LedgerRig(),
                      Signatures signatures = Signatures::kMade,
                      const security::KeyStore* asked_keys = nullptr)
      : ledger(std::move(on)),
        holders(asked_keys),
        identity(*security::SigningIdentity::generate("DevMSP")),
        proposals(identity, gateway::random_bytes, signatures),
        channels{{kChannel, {borrowed(ledger.ledger()), &orderer}}},
        views(channels, 1 << 20, {}),
        gateway(options(requests_open_max),
                {chaincode.engine(), channels, views, host, chaincode.jobs(), chaincode.jobs(),
                 chaincode.jobs(), proposals, identities, organizations, holders, keys, clients,
                 *logger, counters}),
        shim(chaincode.ready_shim("basic:1.0")) {
    host.there = channels;
  }

  // Ends what still runs while the gateway, which its callbacks use, still exists.
  ~GatewayRig() {
    chaincode.engine().shutdown(chaincode.now());
    chaincode.jobs().jobs.clear();
  }

  void request(const ccbus::ClientRequest& request) { request_of(PeerId{1}, request); }

  void request_of(PeerId client, const ccbus::ClientRequest& request) {
    const std::string bytes = request.SerializeAsString();
    gateway.on_message(chaincode.now(), client, std::as_bytes(std::span(bytes)));
    if (!signing_is_slow) sign();
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

  // The chaincode's last transaction writes a key and completes with status 200.
  void write_and_complete(const std::string& key) {
    const std::string tx = shim.last().txid();
    shim.sends(put_state(tx, key, "v"));
    shim.sends(completed(tx, 200, "result"));
  }

  // Makes a block of the held envelopes, and reports it to the gateway.
  void cut_block() {
    auto block = ledger.ledger().commit(ledger.next_batch(std::exchange(orderer.held, {})));
    REQUIRE(block.has_value());
    gateway.on_block(chaincode.now(), *block);
    sign();
  }

  // Signs the proposals that wait for a signature.
  void sign() { chaincode.signers().run_all(chaincode.now(), chaincode.engine()); }

  // Commits one valid transaction in its own block, and returns its id. Its request has the
  // correlation id 0.
  std::string commit(const std::string& key, const std::string& event = "") {
    request(submit(0));
    const std::string tx = shim.last().txid();
    shim.sends(put_state(tx, key, "v"));
    ChaincodeMessage done = completed(tx);
    if (!event.empty()) done.mutable_chaincode_event()->set_event_name(event);
    shim.sends(done);
    cut_block();
    return tx;
  }

  void advance(std::chrono::milliseconds duration) {
    chaincode.advance(duration);
    gateway.on_timer(chaincode.now());
  }

  std::vector<ccbus::ClientResponse>& answers() { return clients.answers[PeerId{1}]; }

  static gateway::Gateway::Options options(std::size_t requests_open_max) {
    gateway::Gateway::Options options;
    options.places = {requests_open_max, requests_open_max};
    options.request_bytes_max = 1 << 20;
    options.retries_max = 3;
    options.ledger_page_max = 10;
    options.wait_max = 60s;
    options.prepared = {3, 1 << 20, 60s};
    options.info = {"1.2.3", "memory", "tcp://a", "tcp://b", {}, {}, {}};
    return options;
  }

  // Makes a pointer that does not own the ledger: the rig owns it.
  static std::shared_ptr<const ledger::ChannelLedger> borrowed(ledger::ChannelLedger& ledger) {
    return {std::shared_ptr<void>(), &ledger};
  }

  LedgerRig ledger;
  HeldOrderer orderer;
  FakeHost host{orderer};
  security::KeyHolders holders;  // Nobody is asked for a key, unless a test gives them.
  gateway::KeyDirectory keys;
  RecordingClients clients;
  ChaincodeRig chaincode;
  std::shared_ptr<Logger> logger = make_silent_logger();
  Counters counters;
  security::SigningIdentity identity;
  gateway::ProposalBuilder proposals;
  gateway::ServiceIdentities identities{identity};
  FakeOrganizations organizations;
  gateway::Channels channels;
  gateway::LatestSimulators views;
  bool signing_is_slow = false;  // If true, proposals wait until the test calls sign().
  gateway::Gateway gateway;
  FakeShim shim;
};

}  // namespace ccbus::test
