#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "service/security/dev/dev_identities.h"
#include "service/security/keys/key_store.h"
#include "tests/support/gateway_rig.h"
#include "tests/support/key_ring.h"

namespace ccbus::test {
namespace {

constexpr PeerId kBridge{1};
constexpr PeerId kApp{2};

// A service that asks for keys: one is for signed requests only.
struct Keys {
  Keys() {
    public_keys["bridge"] =
        ring.allow("bridge", {{"rights", "all"}, {"channels", "*"}, {"requests", "signed"}})
            .public_key;
    public_keys["app"] = ring.allow("app", {{"rights", "all"}, {"channels", "*"}}).public_key;
    REQUIRE(store.reload());
  }

  KeyRing ring;
  security::KeyStore store{ring.allowed()};
  std::map<std::string, std::string> public_keys;
};

struct BridgedRig : Keys, GatewayRig {
  BridgedRig() : GatewayRig(100, LedgerRig(), Signatures::kMade, &store) {
    identities.stand_for_keys(development);
    REQUIRE(holders.came(kBridge, public_keys.at("bridge"), chaincode.now().wall));
    REQUIRE(holders.came(kApp, public_keys.at("app"), chaincode.now().wall));
  }

  ccbus::ClientResponse ask(PeerId client, const ccbus::ClientRequest& question) {
    request_of(client, question);
    for (int i = 0; i < 3; ++i) chaincode.run_jobs();
    REQUIRE_FALSE(clients.answers[client].empty());
    return clients.answers[client].back();
  }

  std::shared_ptr<const security::DevIdentities> development =
      std::make_shared<const security::DevIdentities>(*security::DevIdentities::make("DevMSP"));
};

TEST_CASE("a key for signed requests acts for nobody who has not signed",
          "[gateway][attacks][issue-17][row-339]") {
  BridgedRig rig;
  const auto refused = rig.ask(kBridge, rig.submit(1));
  CHECK(refused.status().code() == ccbus::PERMISSION_DENIED);
  CHECK(refused.status().message() ==
        "access denied: key [bridge] may not submit on channel [ch1] without a client's signature");
  CHECK(rig.counters.get(Counter::kPermissionsDenied) == 1);
  CHECK(rig.shim.last().type() != ChaincodeMessage::TRANSACTION);

  ccbus::ClientRequest status;
  status.mutable_status();
  const auto seen = rig.ask(kBridge, status).service_status();
  CHECK(seen.own_key().permissions().at("requests") == "signed");
  REQUIRE(seen.channels_size() == 1);
  CHECK(seen.channels(0).creator().empty());  // Its clients sign themselves.
}

TEST_CASE("a transaction that somebody else has prepared needs a signature that is checked",
          "[gateway][attacks][issue-17][row-339]") {
  BridgedRig rig;
  ccbus::ClientRequest endorse;
  *endorse.mutable_endorse()->mutable_invocation() = rig.submit(1).submit().invocation();
  rig.request_of(kApp, endorse);
  for (int i = 0; i < 3; ++i) rig.chaincode.run_jobs();
  rig.sign();
  REQUIRE(rig.shim.last().type() == ChaincodeMessage::TRANSACTION);
  rig.write_and_complete("k");
  REQUIRE(rig.clients.answers[kApp].size() == 1);
  ccbus::ClientRequest submit;
  auto& prepared = *submit.mutable_submit()->mutable_prepared_transaction();
  prepared = rig.clients.answers[kApp][0].endorse().prepared_transaction();
  REQUIRE_FALSE(prepared.payload().empty());
  prepared.set_signature("of nobody");
  const auto refused = rig.ask(kBridge, submit);
  CHECK(refused.status().code() == ccbus::PERMISSION_DENIED);
  CHECK(refused.status().message() ==
        "access denied: key [bridge] may not submit on channel [ch1] without a client's signature");
  CHECK(rig.orderer.held.empty());
}

}  // namespace
}  // namespace ccbus::test
