// Whom a principal names. The cases are those of Fabric's msp_test.go, nodeous_test.go and
// revocation_test.go.
#include "service/security/msp/principals.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/security/msp/organization.h"

namespace ccbus::security {
namespace {

using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using common::MSPPrincipal;
using common::MSPRole;

MSPPrincipal of_kind(MSPPrincipal::Classification kind, std::string bytes) {
  MSPPrincipal principal;
  principal.set_principal_classification(kind);
  principal.set_principal(std::move(bytes));
  return principal;
}

MSPPrincipal role(MSPRole::MSPRoleType type, const std::string& msp_id = kMspId) {
  MSPRole made;
  made.set_msp_identifier(msp_id);
  made.set_role(type);
  return of_kind(MSPPrincipal::ROLE, made.SerializeAsString());
}

MSPPrincipal unit(const std::string& name, std::string_view certifiers,
                  const std::string& msp_id = kMspId) {
  common::OrganizationUnit made;
  made.set_msp_identifier(msp_id);
  made.set_organizational_unit_identifier(name);
  made.set_certifiers_identifier(std::string(certifiers));
  return of_kind(MSPPrincipal::ORGANIZATION_UNIT, made.SerializeAsString());
}

MSPPrincipal combined(const std::vector<MSPPrincipal>& principals) {
  common::CombinedPrincipal made;
  for (const auto& principal : principals) *made.add_principals() = principal;
  return of_kind(MSPPrincipal::COMBINED, made.SerializeAsString());
}

// Why a member is not whom the principal names; empty if it is.
std::string refusal(const Msp& msp, const Credential& member, const MSPPrincipal& principal) {
  const auto identity = msp.deserialize(member.serialized(kMspId));
  if (!identity) return identity.error().message;
  const auto verdict = msp.satisfies(**identity, principal);
  return verdict ? std::string() : verdict.error().message;
}

TEST_CASE("each role is its own members' and nobody else's", "[security][issue-16][row-273]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const std::pair<std::string, MSPRole::MSPRoleType> roles[] = {{"client", MSPRole::CLIENT},
                                                                {"peer", MSPRole::PEER},
                                                                {"admin", MSPRole::ADMIN},
                                                                {"orderer", MSPRole::ORDERER}};
  for (const auto& [name, own] : roles) {
    const Credential member = org.member(name);
    CHECK(refusal(msp, member, role(MSPRole::MEMBER)).empty());
    for (const auto& [other_name, other] : roles) {
      CHECK(refusal(msp, member, role(other)).empty() == (other == own));
    }
  }
  const Credential peer = org.member("peer");
  CHECK(refusal(msp, peer, role(MSPRole::CLIENT)) ==
        "The identity is not a [CLIENT] under this MSP [Org1MSP]: The identity does not contain OU "
        "[CLIENT], MSP: [Org1MSP]");
  CHECK(refusal(msp, peer, role(MSPRole::ADMIN)) ==
        "The identity is not an admin under this MSP [Org1MSP]: The identity does not contain OU "
        "[ADMIN], MSP: [Org1MSP]");
}

TEST_CASE("a role of another organisation is nobody's here", "[security][issue-16][row-273]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  for (const auto type : {MSPRole::MEMBER, MSPRole::PEER, MSPRole::ADMIN}) {
    CHECK(refusal(msp, org.member("peer"), role(type, "Org2MSP")) ==
          "the identity is a member of a different MSP (expected Org2MSP, got Org1MSP)");
  }
}

TEST_CASE("a role that is not defined is nobody's", "[security][issue-16][row-273]") {
  // testdata/nodeouorderer2
  const Organization org;
  auto config = org.config();
  config.mutable_fabric_node_ous()->clear_orderer_ou_identifier();
  const Msp msp = make_msp(config);
  CHECK(refusal(msp, org.member("peer"), role(MSPRole::ORDERER)) ==
        "The identity is not a [ORDERER] under this MSP [Org1MSP]: cannot test for classification, "
        "node ou for type [ORDERER], not defined, msp: [Org1MSP]");
}

TEST_CASE("without roles there are members and listed admins", "[security][issue-16][row-273]") {
  const Organization org;
  const Credential admin = issued_by(org.root, {.common_name = "admin"});
  const Msp msp = make_msp(msp_config(kMspId, {&org.root}, {&admin}));
  const Credential member = org.member("peer");
  CHECK(refusal(msp, admin, role(MSPRole::ADMIN)).empty());
  CHECK(refusal(msp, admin, role(MSPRole::MEMBER)).empty());
  CHECK(refusal(msp, member, role(MSPRole::ADMIN)) == "This identity is not an admin");
  CHECK(refusal(msp, member, role(MSPRole::PEER)) ==
        "The identity is not a [PEER] under this MSP [Org1MSP]: NodeOUs not activated. Cannot tell "
        "apart identities.");
  CHECK(refusal(msp, member, role(MSPRole::ORDERER)) == "invalid MSP role type 4");
}

TEST_CASE("with roles a listed client is an admin", "[security][issue-16][row-272]") {
  // testdata/nodeouadminclient
  const Organization org;
  const Credential admin = org.member("client");
  auto config = org.config();
  config.add_admins(admin.pem());
  const Msp msp = make_msp(config);
  CHECK(refusal(msp, admin, role(MSPRole::ADMIN)).empty());
  CHECK(refusal(msp, admin, role(MSPRole::CLIENT)).empty());
  CHECK_FALSE(refusal(msp, org.member("client"), role(MSPRole::ADMIN)).empty());
}

TEST_CASE("a listed admin's certificate with the higher S is still the admin's",
          "[security][issue-16][row-267]") {
  const Organization org;
  const Credential admin = org.member("client");
  auto config = org.config();
  config.add_admins(admin.pem_with_high_s(org.root));
  CHECK(refusal(make_msp(config), admin, role(MSPRole::ADMIN)).empty());
}

TEST_CASE("somebody who is revoked is nobody", "[security][issue-16][row-273]") {
  // TestIdentityPolicyPrincipalAgainstRevokedIdentity. A listed admin too: in Fabric that one
  // stays.
  const Organization org;
  const Credential peer = org.member("peer");
  const Credential admin = org.member("client");
  auto config = org.config();
  config.add_admins(admin.pem());
  config.add_revocation_list(revocation_list(org.root, {&peer, &admin}));
  const Msp msp = make_msp(config);
  const std::string revoked =
      "could not validate identity against certification chain: The certificate has been revoked";
  CHECK(refusal(msp, peer, role(MSPRole::MEMBER)) == revoked);
  CHECK(refusal(msp, peer, role(MSPRole::PEER)) ==
        "The identity is not valid under this MSP [Org1MSP]: " + revoked);
  CHECK(refusal(msp, peer, of_kind(MSPPrincipal::IDENTITY, peer.serialized(kMspId))) == revoked);
  const std::string certifiers(as_text(sha256({org.root.der()})));
  CHECK(refusal(msp, peer, unit("peer", certifiers)) == revoked);
  CHECK_THAT(refusal(msp, admin, role(MSPRole::ADMIN)), Contains(revoked));
}

TEST_CASE("an identity is one certificate", "[security][issue-16][row-273]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential peer = org.member("peer");
  const auto naming = [](std::string bytes) {
    return of_kind(MSPPrincipal::IDENTITY, std::move(bytes));
  };
  CHECK(refusal(msp, peer, naming(peer.serialized(kMspId))).empty());
  CHECK(refusal(msp, peer, naming(org.member("peer").serialized(kMspId))) ==
        "The identities do not match");
  CHECK_THAT(refusal(msp, peer, naming(peer.serialized("Org2MSP"))),
             StartsWith("invalid identity principal, not a certificate: expected MSP ID Org1MSP"));
  CHECK_THAT(refusal(msp, peer, naming("barf")),
             StartsWith("invalid identity principal, not a certificate"));
}

TEST_CASE("a unit is one of the identity's, attested by the same chain",
          "[security][issue-16][row-273]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential peer =
      issued_by(org.root, {.common_name = "x", .units = {"peer", "department"}});
  const std::string certifiers(as_text(sha256({org.root.der()})));
  CHECK(refusal(msp, peer, unit("department", certifiers)).empty());
  CHECK(refusal(msp, peer, unit("peer", certifiers)).empty());
  CHECK(refusal(msp, peer, unit("other", certifiers)) == "The identities do not match");
  CHECK(refusal(msp, peer, unit("department", "")) == "The identities do not match");
  CHECK(refusal(msp, peer, unit("department", std::string(32, 'x'))) ==
        "The identities do not match");
  CHECK_THAT(refusal(msp, peer, unit("department", certifiers, "Org2MSP")),
             StartsWith("the identity is a member of a different MSP"));
}

TEST_CASE("everybody has a name", "[security][issue-16][row-273]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const auto anonymity = [](common::MSPIdentityAnonymity::MSPIdentityAnonymityType type) {
    common::MSPIdentityAnonymity made;
    made.set_anonymity_type(type);
    return of_kind(MSPPrincipal::ANONYMITY, made.SerializeAsString());
  };
  const Credential peer = org.member("peer");
  CHECK(refusal(msp, peer, anonymity(common::MSPIdentityAnonymity::NOMINAL)).empty());
  CHECK(refusal(msp, peer, anonymity(common::MSPIdentityAnonymity::ANONYMOUS)) ==
        "Principal is anonymous, but X.509 MSP does not support anonymous identities");
  CHECK(refusal(msp, peer,
                anonymity(static_cast<common::MSPIdentityAnonymity::MSPIdentityAnonymityType>(
                    7))) == "Unknown principal anonymity type: 7");
}

TEST_CASE("a combination is all of its parts", "[security][issue-16][row-273]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential peer = org.member("peer");
  const std::string certifiers(as_text(sha256({org.root.der()})));
  CHECK(refusal(msp, peer, combined({role(MSPRole::MEMBER), unit("peer", certifiers)})).empty());
  CHECK_THAT(refusal(msp, peer, combined({role(MSPRole::MEMBER), role(MSPRole::CLIENT)})),
             Contains("The identity is not a [CLIENT]"));
  CHECK(refusal(msp, peer, combined({combined({role(MSPRole::PEER)})})).empty());
  CHECK(refusal(msp, peer, combined({})) == "No principals in CombinedPrincipal");
  CHECK(refusal(msp, peer, combined({role(MSPRole::PEER), combined({})})) ==
        "No principals in CombinedPrincipal");

  MSPPrincipal deep = role(MSPRole::PEER);
  for (int depth = 0; depth < kPrincipalDepthMax; ++depth) deep = combined({deep});
  CHECK(refusal(msp, peer, deep).empty());
  const auto identity = *msp.deserialize(peer.serialized(kMspId));
  const auto verdict = msp.satisfies(*identity, combined({deep}));
  REQUIRE_FALSE(verdict.has_value());
  CHECK(verdict.error().code == ErrorCode::kExhausted);
}

TEST_CASE("a principal that cannot be read names nobody", "[security][issue-16][row-273]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential peer = org.member("peer");
  const std::string bytes("\xff\xff", 2);
  CHECK(refusal(msp, peer, of_kind(MSPPrincipal::ROLE, bytes)) ==
        "could not unmarshal MSPRole from principal");
  CHECK(refusal(msp, peer, of_kind(MSPPrincipal::ORGANIZATION_UNIT, bytes)) ==
        "could not unmarshal OrganizationUnit from principal");
  CHECK(refusal(msp, peer, of_kind(MSPPrincipal::COMBINED, bytes)) ==
        "could not unmarshal CombinedPrincipal from principal");
  CHECK(refusal(msp, peer, of_kind(MSPPrincipal::ANONYMITY, bytes)) ==
        "could not unmarshal MSPIdentityAnonymity from principal");
  CHECK(refusal(msp, peer, of_kind(static_cast<MSPPrincipal::Classification>(35), "")) ==
        "invalid principal type 35");
  CHECK(refusal(msp, peer, role(static_cast<MSPRole::MSPRoleType>(5))) ==
        "invalid MSP role type 5");
}

}  // namespace
}  // namespace ccbus::security
