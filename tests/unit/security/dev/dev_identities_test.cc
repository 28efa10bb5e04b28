#include "service/security/dev/dev_identities.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "fabric/msp/msp_principal.pb.h"
#include "service/security/msp/msp.h"
#include "tests/support/process.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

IdentityPointer validated(const Msp& msp, const SigningIdentity& signer) {
  auto identity = msp.deserialize(signer.serialized());
  if (!identity) throw std::runtime_error(identity.error().message);
  CHECK((*identity)->validity().has_value());
  CHECK((*identity)->verify("bytes", *signer.sign("bytes")).has_value());
  return std::move(*identity);
}

bool has_role(const Msp& msp, const Identity& identity, common::MSPRole::MSPRoleType type) {
  common::MSPRole role;
  role.set_msp_identifier(msp.id());
  role.set_role(type);
  common::MSPPrincipal principal;
  principal.set_principal(role.SerializeAsString());
  return msp.satisfies(identity, principal).has_value();
}

// The attributes that a certificate has, as a chaincode's ClientIdentity reads them.
Json attributes_of(const Identity& identity) {
  X509* const raw = identity.certificate().handle.get();
  for (int at = 0; at < X509_get_ext_count(raw); ++at) {
    X509_EXTENSION* const extension = X509_get_ext(raw, at);
    char id[64];
    OBJ_obj2txt(id, sizeof id, X509_EXTENSION_get_object(extension), 1);
    if (std::string(id) != "1.2.3.4.5.6.7.8.1") continue;
    const ASN1_OCTET_STRING* const data = X509_EXTENSION_get_data(extension);
    return Json::parse(std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
                                   static_cast<std::size_t>(ASN1_STRING_length(data))));
  }
  return nullptr;
}

TEST_CASE("development identities satisfy their organisation's rules", "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  const bool in_memory = GENERATE(true, false);
  const auto identities = in_memory ? DevIdentities::make("Org1MSP")
                                    : DevIdentities::open(directory.path() / "dev", "Org1MSP");
  REQUIRE(identities.has_value());
  const auto msp = Msp::make(identities->msp_config(), {});
  REQUIRE(msp.has_value());
  const auto peer = validated(*msp, identities->peer());
  const auto client = validated(*msp, identities->client());
  CHECK(has_role(*msp, *peer, common::MSPRole::PEER));
  CHECK_FALSE(has_role(*msp, *peer, common::MSPRole::CLIENT));
  CHECK(has_role(*msp, *client, common::MSPRole::CLIENT));
  CHECK_FALSE(has_role(*msp, *client, common::MSPRole::PEER));
}

TEST_CASE("they are the same after the next start", "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  const auto first = DevIdentities::open(directory.path(), "Org1MSP");
  REQUIRE(first.has_value());
  const auto alice = first->for_key("alice");
  const auto second = DevIdentities::open(directory.path(), "Org1MSP");
  REQUIRE(second.has_value());
  CHECK(second->msp_config().SerializeAsString() == first->msp_config().SerializeAsString());
  CHECK(second->peer().serialized() == first->peer().serialized());
  CHECK(second->client().serialized() == first->client().serialized());
  CHECK((*second->for_key("alice"))->serialized() == (*alice)->serialized());
}

TEST_CASE("other attributes of a key make another certificate, of the same name",
          "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  const bool in_memory = GENERATE(true, false);
  const auto identities = in_memory ? DevIdentities::make("Org1MSP")
                                    : DevIdentities::open(directory.path() / "dev", "Org1MSP");
  const Msp msp = *Msp::make(identities->msp_config(), {});
  CHECK(identities->known_for_key("alice", {}) == nullptr);
  const auto plain = *identities->for_key("alice");
  CHECK(identities->known_for_key("alice", {}) == plain);
  CHECK(*identities->for_key("alice") == plain);
  CHECK(identities->known_for_key("alice", {{"role", "auditor"}}) == nullptr);
  const auto auditor = *identities->for_key("alice", {{"role", "auditor"}});
  CHECK(auditor->serialized() != plain->serialized());
  CHECK(attributes_of(*validated(msp, *auditor))["attrs"]["role"] == "auditor");
  const auto again = *identities->for_key("alice");
  CHECK(attributes_of(*validated(msp, *again))["attrs"].count("role") == 0);
  if (in_memory) return;
  const auto after = *DevIdentities::open(directory.path() / "dev", "Org1MSP");
  CHECK((*after.for_key("alice"))->serialized() == again->serialized());
}

TEST_CASE("what was interrupted when a key's attributes changed is made again",
          "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  const fs::path folder = directory.path() / "keys" / "616c696365";
  {
    const auto identities = DevIdentities::open(directory.path(), "Org1MSP");
    REQUIRE(identities->for_key("alice").has_value());
  }
  SECTION("after its certificate was taken away") {
    fs::remove(folder / "signcerts" / "cert.pem");
  }
  SECTION("before there was one with the attributes") {
    fs::remove(folder / "signcerts" / "cert.pem");
    std::ofstream(folder / "keystore" / "priv_sk") << "half a k";
  }
  const auto identities = *DevIdentities::open(directory.path(), "Org1MSP");
  const Msp msp = *Msp::make(identities.msp_config(), {});
  const auto alice = identities.for_key("alice", {{"role", "teller"}});
  REQUIRE(alice.has_value());
  CHECK(attributes_of(*validated(msp, **alice))["attrs"]["role"] == "teller");
}

TEST_CASE("many threads ask for one key and get one identity", "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  const auto identities = *DevIdentities::open(directory.path(), "Org1MSP");
  std::vector<std::shared_ptr<const SigningIdentity>> given(8);
  std::vector<std::thread> threads;
  for (auto& one : given) {
    threads.emplace_back([&identities, &one] { one = *identities.for_key("alice"); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& one : given) CHECK(one == given.front());
}

TEST_CASE("a key has a client of its own, with its name and attributes", "[security][issue-16]") {
  const auto identities = *DevIdentities::make("Org1MSP");
  const Msp msp = *Msp::make(identities.msp_config(), {});
  const std::string name = GENERATE(as<std::string>(), "alice", "../a b\n", "Zoë", "*");
  const auto alice = identities.for_key(name, {{"role", "teller"}, {"hf.Affiliation", "bank"}});
  REQUIRE(alice.has_value());
  const auto identity = validated(msp, **alice);
  CHECK(has_role(msp, *identity, common::MSPRole::CLIENT));
  CHECK(identity->certificate().common_name == name);
  CHECK(attributes_of(*identity) == Json{{"attrs",
                                          {{"hf.EnrollmentID", name},
                                           {"hf.Type", "client"},
                                           {"hf.Affiliation", "bank"},
                                           {"role", "teller"}}}});
  CHECK((*identities.for_key("bob"))->serialized() != (*alice)->serialized());
}

TEST_CASE("no name of a key leaves the directory", "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  const auto identities = DevIdentities::open(directory.path() / "dev", "Org1MSP");
  for (const char* name : {"../../x", "/etc/x", ".", "a/b"}) {
    CHECK(identities->for_key(name).has_value());
  }
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(directory.path())) ++entries;
  CHECK(entries == 1);
  for (const auto& entry : fs::recursive_directory_iterator(directory.path() / "dev")) {
    CHECK((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
          fs::perms::none);
  }
}

TEST_CASE("a name that makes no certificate is refused", "[security][issue-16]") {
  const auto identities = *DevIdentities::make("Org1MSP");
  CHECK(identities.for_key(std::string(64, 'a')).has_value());
  for (const std::string& name : {std::string(), std::string(65, 'a'), std::string("\xff")}) {
    const auto refused = identities.for_key(name);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE("a start that was interrupted is finished by the next", "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  SECTION("before the authority's certificate") {
    fs::create_directories(directory.path() / "ca");
    std::ofstream(directory.path() / "ca" / "priv_sk") << "half a k";
  }
  SECTION("before a member's certificate") {
    REQUIRE(DevIdentities::open(directory.path(), "Org1MSP").has_value());
    fs::remove(directory.path() / "peer" / "signcerts" / "cert.pem");
  }
  const auto identities = DevIdentities::open(directory.path(), "Org1MSP");
  REQUIRE(identities.has_value());
  CHECK(validated(*Msp::make(identities->msp_config(), {}), identities->peer()) != nullptr);
}

TEST_CASE("what is damaged is named, with what to do", "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  REQUIRE(DevIdentities::open(directory.path(), "Org1MSP").has_value());
  const auto refusal = [&](const std::string& msp_id = "Org1MSP") {
    const auto opened = DevIdentities::open(directory.path(), msp_id);
    return opened ? std::string() : opened.error().message;
  };
  SECTION("for another MSP id") {
    CHECK_THAT(refusal("Org2MSP"), Contains("was made for 'Org1MSP', and the MSP id is 'Org2MSP'"));
  }
  SECTION("the authority's key") {
    std::ofstream(directory.path() / "ca" / "priv_sk") << "nonsense";
    CHECK_THAT(refusal(),
               Contains("priv_sk beside it does not hold a private key in PEM; restore"));
  }
  SECTION("the authority's key is gone") {
    fs::remove(directory.path() / "ca" / "priv_sk");
    CHECK_THAT(refusal(), Contains("cannot read") && Contains("priv_sk") && Contains("restore"));
  }
  SECTION("a member's key") {
    std::ofstream(directory.path() / "peer" / "keystore" / "priv_sk") << "nonsense";
    CHECK_THAT(refusal(), Contains("no private key for") && Contains("peer") &&
                              Contains("the next start makes new identities"));
  }
}

}  // namespace
}  // namespace ccbus::security
