#include "service/security/msp/msp_manager.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/security/msp/organization.h"

namespace ccbus::security {
namespace {

using namespace test;

// A channel of two organisations.
struct Channel {
  Organization org1;
  Organization org2;

  [[nodiscard]] msp::FabricMSPConfig config2() const {
    auto config = org2.config();
    config.set_name("Org2MSP");
    return config;
  }
  [[nodiscard]] std::unique_ptr<MspManager> manager(const MspManager::Options& options = {}) const {
    std::vector<Msp> msps;
    msps.push_back(make_msp(org1.config()));
    msps.push_back(make_msp(config2()));
    return std::move(*MspManager::make(std::move(msps), options));
  }
};

common::MSPPrincipal role(common::MSPRole::MSPRoleType type, const std::string& msp_id) {
  common::MSPRole made;
  made.set_msp_identifier(msp_id);
  made.set_role(type);
  common::MSPPrincipal principal;
  principal.set_principal(made.SerializeAsString());
  return principal;
}

TEST_CASE("an identity is looked up in its own organisation", "[security][issue-16][row-275]") {
  const Channel channel;
  const auto manager = channel.manager();
  const Credential peer = channel.org2.member("peer");
  const auto identity = manager->deserialize(peer.serialized("Org2MSP"));
  REQUIRE(identity.has_value());
  CHECK((*identity)->msp_id() == "Org2MSP");
  CHECK((*identity)->validity().has_value());
  CHECK(manager->find("Org2MSP")->id() == "Org2MSP");
  CHECK(manager->find("Org3MSP") == nullptr);
  CHECK(manager->msps().size() == 2);
}

TEST_CASE("an identity of nobody's is refused", "[security][issue-16][row-275]") {
  const Channel channel;
  const auto manager = channel.manager();
  const Credential peer = channel.org2.member("peer");
  CHECK(manager->deserialize(peer.serialized("Org3MSP")).error().message ==
        "MSP Org3MSP is not defined on channel");
  CHECK(manager->deserialize("nonsense").error().message ==
        "could not deserialize a SerializedIdentity");
  // The certificate of one organisation under the name of the other.
  CHECK_FALSE(manager->deserialize(peer.serialized("Org1MSP")).has_value());
}

TEST_CASE("two organisations with one MSP id are refused by its name",
          "[security][issue-16][row-275]") {
  const Channel channel;
  std::vector<Msp> msps;
  msps.push_back(make_msp(channel.org1.config()));
  msps.push_back(make_msp(channel.org2.config()));  // Also Org1MSP.
  const auto manager = MspManager::make(std::move(msps), {});
  REQUIRE_FALSE(manager.has_value());
  CHECK(manager.error().message == "two organisations have the MSP id 'Org1MSP'");
}

TEST_CASE("what is valid is remembered, and only that", "[security][issue-16]") {
  const Channel channel;
  const Credential bad = channel.org1.member("peer");
  auto config = channel.org1.config();
  config.add_revocation_list(revocation_list(channel.org1.root, {&bad}));
  std::vector<Msp> msps;
  msps.push_back(make_msp(config));
  const auto manager = std::move(*MspManager::make(std::move(msps), {.identities_max = 1}));
  const Credential good = channel.org1.member("peer");
  const auto first = *manager->deserialize(good.serialized(kMspId));
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto refused = manager->deserialize(bad.serialized(kMspId));
    REQUIRE(refused.has_value());
    CHECK_FALSE((*refused)->validity().has_value());
  }
  CHECK(*manager->deserialize(good.serialized(kMspId)) == first);  // The same object.
  const Credential next = channel.org1.member("peer");
  CHECK(manager->deserialize(next.serialized(kMspId)).has_value());
  CHECK(*manager->deserialize(good.serialized(kMspId)) != first);  // There is room for one.
}

TEST_CASE("a remembered verdict is that of its identity and principal", "[security][issue-16]") {
  const Channel channel;
  const auto manager = channel.manager();
  const auto peer = *manager->deserialize(channel.org1.member("peer").serialized(kMspId));
  const auto client = *manager->deserialize(channel.org1.member("client").serialized(kMspId));
  for (int attempt = 0; attempt < 2; ++attempt) {
    CHECK(manager->satisfies(*peer, role(common::MSPRole::PEER, kMspId)).has_value());
    CHECK_FALSE(manager->satisfies(*peer, role(common::MSPRole::CLIENT, kMspId)).has_value());
    CHECK_FALSE(manager->satisfies(*client, role(common::MSPRole::PEER, kMspId)).has_value());
    CHECK(manager->satisfies(*client, role(common::MSPRole::CLIENT, kMspId)).has_value());
    CHECK_FALSE(manager->satisfies(*peer, role(common::MSPRole::MEMBER, "Org2MSP")).has_value());
  }
  // A principal of another kind with the same bytes.
  auto other = role(common::MSPRole::PEER, kMspId);
  other.set_principal_classification(common::MSPPrincipal::ORGANIZATION_UNIT);
  CHECK_FALSE(manager->satisfies(*peer, other).has_value());
}

TEST_CASE("one certificate under two MSP ids has verdicts of its own",
          "[security][issue-16][row-275]") {
  const Organization org;
  auto other = org.config();
  other.set_name("TwinMSP");
  std::vector<Msp> msps;
  msps.push_back(make_msp(org.config()));
  msps.push_back(make_msp(other));
  const auto manager = std::move(*MspManager::make(std::move(msps), {}));
  const Credential peer = org.member("peer");
  const auto here = *manager->deserialize(peer.serialized(kMspId));
  const auto there = *manager->deserialize(peer.serialized("TwinMSP"));
  CHECK(here->id() == there->id());
  CHECK(manager->satisfies(*here, role(common::MSPRole::PEER, kMspId)).has_value());
  CHECK_FALSE(manager->satisfies(*there, role(common::MSPRole::PEER, kMspId)).has_value());
  CHECK(manager->satisfies(*there, role(common::MSPRole::PEER, "TwinMSP")).has_value());
}

TEST_CASE("a signature that holds is remembered for its signer, bytes and signature alone",
          "[security][issue-16]") {
  const Channel channel;
  const auto manager = channel.manager({.signatures_max = 1'024});
  const Credential signer = channel.org1.member("peer");
  const auto identity = *manager->deserialize(signer.serialized(kMspId));
  const auto other = *manager->deserialize(channel.org1.member("peer").serialized(kMspId));
  const std::string signature = signer.sign("bytes");
  for (int attempt = 0; attempt < 2; ++attempt) {
    CHECK(manager->verify(*identity, "bytes", signature).has_value());
    CHECK_FALSE(manager->verify(*identity, "byteS", signature).has_value());
    CHECK_FALSE(manager->verify(*other, "bytes", signature).has_value());
    CHECK_FALSE(manager->verify(*identity, "bytes", signer.sign("byteS")).has_value());
    CHECK_FALSE(manager->verify(*identity, "bytes", "").has_value());
  }
}

TEST_CASE("a signature that was made here is not verified again", "[security][issue-16]") {
  const Channel channel;
  const auto manager = channel.manager({.signatures_max = 1'024});
  const Credential signer = channel.org1.member("peer");
  const auto identity = *manager->deserialize(signer.serialized(kMspId));
  manager->add_own_signature(signer.serialized(kMspId), "bytes", "believed");
  CHECK(manager->verify(*identity, "bytes", "believed").has_value());
  // Of who is no member of the channel nothing is believed.
  const Organization stranger;
  manager->add_own_signature(stranger.member("peer").serialized(kMspId), "bytes", "believed");
  manager->add_own_signature("nonsense", "bytes", "believed");
  CHECK_FALSE(manager->verify(*identity, "other bytes", "believed").has_value());
}

TEST_CASE("without room for signatures each is verified", "[security][issue-16]") {
  const Channel channel;
  const auto manager = channel.manager();
  const Credential signer = channel.org1.member("peer");
  const auto identity = *manager->deserialize(signer.serialized(kMspId));
  manager->add_own_signature(signer.serialized(kMspId), "bytes", "believed");
  CHECK_FALSE(manager->verify(*identity, "bytes", "believed").has_value());
}

TEST_CASE("threads share the organisations of a channel", "[security][issue-16]") {
  const Channel channel;
  const auto manager = channel.manager({.identities_max = 3, .verdicts_max = 3});
  std::vector<Credential> members;
  for (int i = 0; i < 6; ++i) members.push_back(channel.org1.member("peer"));
  std::vector<std::string> signatures;
  for (const Credential& member : members) signatures.push_back(member.sign("bytes"));
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&manager, &members, &signatures, &wrong] {
      for (std::size_t i = 0; i < 60; ++i) {
        const std::size_t at = i % members.size();
        const auto identity = manager->deserialize(members[at].serialized(kMspId));
        const bool good = identity && (*identity)->verify("bytes", signatures[at]) &&
                          manager->satisfies(**identity, role(common::MSPRole::PEER, kMspId)) &&
                          !manager->satisfies(**identity, role(common::MSPRole::ADMIN, kMspId));
        if (!good) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace ccbus::security
