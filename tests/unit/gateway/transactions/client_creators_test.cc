#include "service/gateway/transactions/client_creators.h"

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "fabric/msp/identities.pb.h"
#include "service/security/dev/dev_identities.h"
#include "service/security/keys/key_store.h"
#include "service/security/msp/certificate.h"
#include "tests/support/gateway_rig.h"
#include "tests/support/key_ring.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

constexpr PeerId kShop{1};
constexpr PeerId kAuditor{2};

// A service that asks for keys, with two clients.
struct Keys {
  Keys() {
    allow("shop", {{"rights", "all"}, {"channels", "*"}});
    allow("auditor",
          {{"rights", "all"}, {"channels", "*"}, {"attributes", "role=auditor, dept=7"}});
    REQUIRE(store.reload());
  }

  void allow(const std::string& name, const KeyRing::Metadata& metadata) {
    public_keys[name] = ring.allow(name, metadata).public_key;
  }

  KeyRing ring;
  security::KeyStore store{ring.allowed()};
  std::map<std::string, std::string> public_keys;
};

struct KeyedRig : Keys, GatewayRig {
  KeyedRig() : GatewayRig(100, LedgerRig(), Signatures::kMade, &store) {
    identities.stand_for_keys(development);
    come(kShop, "shop");
    come(kAuditor, "auditor");
  }

  void come(PeerId peer, const std::string& name) {
    REQUIRE(holders.came(peer, public_keys.at(name), chaincode.now().wall));
  }

  // The creator that the chaincode sees of a client's transaction; the transaction ends.
  security::CertificatePointer creator_of(PeerId client) {
    request_of(client, submit(++requests));
    chaincode.run_jobs();
    sign();
    REQUIRE(shim.last().type() == ChaincodeMessage::TRANSACTION);
    protos::Proposal proposal;
    common::Header header;
    common::SignatureHeader signature;
    msp::SerializedIdentity creator;
    REQUIRE(proposal.ParseFromString(shim.last().proposal().proposal_bytes()));
    REQUIRE(header.ParseFromString(proposal.header()));
    REQUIRE(signature.ParseFromString(header.signature_header()));
    REQUIRE(creator.ParseFromString(signature.creator()));
    msp_id = creator.mspid();
    write_and_complete("k" + std::to_string(requests));
    chaincode.run_jobs();
    cut_block();
    CHECK(clients.answers[client].back().submit().validation_code() == protos::VALID);
    return *security::Certificate::from_pem(creator.id_bytes());
  }

  // Signatures count from now on.
  void configure(const std::string& wanted) {
    ccbus::ClientRequest request;
    request.mutable_channel()->set_channel_id(kChannel.value);
    request.mutable_channel()->mutable_configure()->add_development_organizations(wanted);
    request_of(kShop, request);
    for (int i = 0; i < 3; ++i) chaincode.run_jobs();
    cut_block();
    REQUIRE(ledger.ledger().trust() != nullptr);
  }

  std::shared_ptr<const security::DevIdentities> development =
      std::make_shared<const security::DevIdentities>(*security::DevIdentities::make("DevMSP"));
  std::uint64_t requests = 0;
  std::string msp_id;
};

bool has_text(const security::CertificatePointer& certificate, const std::string& text) {
  return certificate->der.find(text) != std::string::npos;
}

TEST_CASE("two keys are two creators, with the names and attributes of the keys",
          "[gateway][issue-16][row-331]") {
  KeyedRig rig;
  std::string organization = "DevMSP";
  SECTION("on a channel without a configuration") {}
  SECTION("on one that has an organisation which the service plays") {
    rig.configure("Org1MSP");
    organization = "Org1MSP";
  }
  const auto shop = rig.creator_of(kShop);
  CHECK(rig.msp_id == organization);
  const auto auditor = rig.creator_of(kAuditor);
  CHECK(shop->common_name == "shop");
  CHECK(auditor->common_name == "auditor");
  CHECK(has_text(shop, R"("hf.EnrollmentID":"shop")"));
  CHECK_FALSE(has_text(shop, "role"));
  CHECK(has_text(auditor, R"("dept":"7")"));
  CHECK(has_text(auditor, R"("role":"auditor")"));
  CHECK(rig.creator_of(kShop)->der == shop->der);
}

TEST_CASE("the identity of a key is made by a worker, once", "[gateway][issue-16]") {
  KeyedRig rig;
  rig.request_of(kShop, rig.submit(1));
  rig.request_of(kShop, rig.submit(2));
  CHECK(rig.chaincode.jobs().jobs.size() == 2);
  CHECK(rig.shim.last().type() != ChaincodeMessage::TRANSACTION);
  rig.chaincode.run_jobs();
  rig.sign();
  rig.write_and_complete("k");
  rig.request_of(kShop, rig.submit(3));
  CHECK(rig.chaincode.jobs().jobs.empty());
  CHECK(rig.shim.last().type() == ChaincodeMessage::TRANSACTION);
}

TEST_CASE(
    "a key that is revoked and allowed again has the identity that it had, and other "
    "attributes another certificate",
    "[gateway][issue-16]") {
  KeyedRig rig;
  const auto before = rig.creator_of(kAuditor);
  const curve::Keys keys{rig.ring.server().public_key, rig.public_keys.at("auditor"), ""};
  rig.ring.revoke("auditor");
  REQUIRE(rig.store.reload());
  CHECK(rig.holders.look_up_again(rig.chaincode.now().wall).size() == 1);

  KeyRing::Metadata metadata{{"rights", "all"}, {"channels", "*"}};
  SECTION("the same attributes, in another order") {
    metadata["attributes"] = "dept=7 role=auditor";
    rig.ring.permit("auditor", keys, metadata);
    REQUIRE(rig.store.reload());
    rig.come(kAuditor, "auditor");
    CHECK(rig.creator_of(kAuditor)->der == before->der);
  }
  SECTION("others") {
    metadata["attributes"] = "role=manager";
    rig.ring.permit("auditor", keys, metadata);
    REQUIRE(rig.store.reload());
    rig.come(kAuditor, "auditor");
    const auto after = rig.creator_of(kAuditor);
    CHECK(after->common_name == "auditor");
    CHECK(has_text(after, R"("role":"manager")"));
    CHECK_FALSE(has_text(after, "dept"));
  }
}

TEST_CASE("definitions and configurations are created by the key that asks for them",
          "[gateway][issue-16]") {
  KeyedRig rig;
  ccbus::ClientRequest request;
  request.mutable_define()->set_channel_id(kChannel.value);
  request.mutable_define()->mutable_definition()->set_name("basic");
  request.mutable_define()->mutable_definition()->set_version("1.0");
  rig.request_of(kAuditor, request);
  CHECK(rig.orderer.held.empty());
  rig.chaincode.run_jobs();
  REQUIRE(rig.orderer.held.size() == 1);
  const auto auditor =
      rig.development->known_for_key("auditor", {{"role", "auditor"}, {"dept", "7"}});
  REQUIRE(auditor != nullptr);
  CHECK_THAT(rig.orderer.held.front().bytes, Contains(auditor->certificate_pem()));
}

TEST_CASE("a key whose name is no name for a certificate signs for itself or is refused",
          "[gateway][issue-16]") {
  KeyedRig rig;
  rig.allow(std::string(65, 'a'), {{"rights", "client"}, {"channels", "*"}});
  REQUIRE(rig.store.reload());
  rig.come(PeerId{3}, std::string(65, 'a'));
  rig.request_of(PeerId{3}, rig.submit(1));
  rig.chaincode.run_jobs();
  const auto& refused = rig.clients.answers[PeerId{3}].back().status();
  CHECK(refused.code() == ccbus::INVALID_ARGUMENT);
  CHECK_THAT(refused.message(), Contains("name of 1 to 64 bytes"));
}

TEST_CASE("an organisation of development is not the channel's of the same MSP id",
          "[gateway][issue-16]") {
  KeyedRig rig;
  const auto other = *security::DevIdentities::make("DevMSP");  // Somebody else's.
  rig.identities.play("DevMSP", {{rig.development, &rig.development->peer()},
                                 {rig.development, &rig.development->client()},
                                 {rig.development, &rig.development->admin()},
                                 rig.development});
  ccbus::ClientRequest request;
  request.mutable_channel()->set_channel_id(kChannel.value);
  request.mutable_channel()->mutable_configure()->add_organizations()->set_config(
      other.msp_config().SerializeAsString());
  rig.request_of(kShop, request);
  for (int i = 0; i < 3; ++i) rig.chaincode.run_jobs();
  rig.cut_block();
  const auto trust = rig.ledger.ledger().trust();
  REQUIRE(trust != nullptr);
  CHECK(rig.identities.played(trust.get()).empty());
  rig.request_of(kShop, rig.submit(1));
  CHECK_THAT(rig.answers().back().status().message(), Contains("takes signed transactions alone"));
}

TEST_CASE("where nobody is asked for a key, all clients are the service's one", "[gateway]") {
  GatewayRig rig;
  rig.request_of(kShop, rig.submit(1));
  CHECK(rig.chaincode.jobs().jobs.empty());
  CHECK_THAT(rig.shim.last().proposal().proposal_bytes(), Contains(rig.identity.certificate_pem()));
}

}  // namespace
}  // namespace ccbus::test
