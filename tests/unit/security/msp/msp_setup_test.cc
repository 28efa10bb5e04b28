// What a configuration of an organisation is refused for. The cases are those of Fabric's
// msp/testdata and msp/*_test.go, with the texts of mspimplsetup.go.
#include "service/security/msp/msp_setup.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/security/msp/organization.h"

namespace ccbus::security {
namespace {

using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;

std::string serial(const Credential& credential) {
  return (*Certificate::from_pem(credential.pem()))->serial_hex;
}

TEST_CASE("an organisation with a root and roles is set up", "[security][issue-16][row-261]") {
  const Organization org;
  CHECK(refusal(org.config()).empty());
}

TEST_CASE("an organisation has an id, a root and known hashes", "[security][issue-16][row-261]") {
  const Organization org;
  auto config = org.config();
  SECTION("no id") {
    config.clear_name();
    CHECK(refusal(config) == "the MSP has no id");
  }
  SECTION("no root") {
    config.clear_root_certs();
    CHECK(refusal(config) == "expected at least one CA certificate");
  }
  SECTION("a root that is no PEM") {
    config.set_root_certs(0, "nonsense");
    CHECK(refusal(config) == "getCertFromPem error: could not decode pem bytes");
  }
  SECTION("a root that is no certificate") {
    config.set_root_certs(0, "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n");
    CHECK_THAT(refusal(config), StartsWith("getCertFromPem error: failed to parse x509 cert: "));
  }
  SECTION("another family of hashes") {
    config.mutable_crypto_config()->set_signature_hash_family("SHA3");
    CHECK_THAT(refusal(config), StartsWith("hash family not recognized [SHA3]"));
  }
  SECTION("another hash of identities") {
    config.mutable_crypto_config()->set_identity_identifier_hash_function("SHA3_256");
    CHECK_THAT(refusal(config), StartsWith("hash function not recognized [SHA3_256]"));
  }
  SECTION("Fabric's defaults, named") {
    config.mutable_crypto_config()->set_signature_hash_family("SHA2");
    config.mutable_crypto_config()->set_identity_identifier_hash_function("SHA256");
    CHECK(refusal(config).empty());
  }
}

TEST_CASE("a root is a CA with a key identifier that signed itself",
          "[security][issue-16][row-261]") {
  const Organization org;
  SECTION("no CA") {
    const Credential peer = self_signed({.common_name = "peer"});
    auto config = org.config();
    config.add_root_certs(peer.pem());
    CHECK(refusal(config) ==
          "CA Certificate did not have the CA attribute, (SN: " + serial(peer) + ")");
  }
  SECTION("no basic constraints") {
    const Credential plain =
        self_signed({.common_name = "plain", .extensions = {{"basicConstraints", ""}}});
    auto config = org.config();
    config.add_root_certs(plain.pem());
    CHECK_THAT(refusal(config), Contains("did not have the CA attribute"));
  }
  SECTION("no key identifier") {
    const Credential bare =
        self_signed({.common_name = "bare", .is_ca = true, .has_key_id = false});
    auto config = org.config();
    config.add_root_certs(bare.pem());
    CHECK(refusal(config) == "CA Certificate problem with Subject Key Identifier extension, (SN: " +
                                 serial(bare) + "): subjectKeyIdentifier not found in certificate");
  }
  SECTION("an intermediate in the place of a root") {
    const Credential inner = issued_by(org.root, ca_shape("inner"));
    auto config = msp_config(kMspId, {&inner}, {});
    enable_roles(config);
    CHECK_THAT(refusal(config), StartsWith("failed to traverse certificate verification chain"));
  }
  SECTION("a root that may not sign certificates") {
    const Credential mute = self_signed(
        {.common_name = "mute", .is_ca = true, .extensions = {{"keyUsage", "cRLSign"}}});
    auto config = msp_config(kMspId, {&mute}, {});
    enable_roles(config);
    CHECK_FALSE(refusal(config).empty());
  }
}

TEST_CASE("a root that has expired, or is not valid yet, counts", "[security][issue-16][row-263]") {
  auto shape = ca_shape("old");
  const auto year = GENERATE(std::chrono::year{1999}, std::chrono::year{2090});
  shape.not_before = std::chrono::sys_days{year / 1 / 1};
  shape.not_after = shape.not_before + std::chrono::hours(24);
  const Credential root = self_signed(shape);
  auto config = msp_config(kMspId, {&root}, {});
  enable_roles(config);
  CHECK(refusal(config).empty());
  auto member_shape = CertificateShape{.common_name = "peer", .units = {"peer"}};
  member_shape.not_before = shape.not_before;
  member_shape.not_after = shape.not_after;
  const Msp msp = make_msp(config);
  CHECK(fault(msp, issued_by(root, member_shape)).empty());
}

TEST_CASE("a root twice is one root", "[security][issue-16][row-262]") {
  const Organization org;
  auto config = org.config();
  config.add_root_certs(org.root.pem());
  const Msp msp = make_msp(config);
  CHECK(fault(msp, org.member("peer")).empty());
}

TEST_CASE("an intermediate chains to a root", "[security][issue-16][row-261]") {
  const Organization org;
  const Credential inner = issued_by(org.root, ca_shape("inner"));
  auto config = org.config();
  SECTION("as it should") {
    config.add_intermediate_certs(inner.pem());
    CHECK(refusal(config).empty());
  }
  SECTION("of another organisation") {
    const Credential stranger = self_signed(ca_shape("stranger"));
    config.add_intermediate_certs(issued_by(stranger, ca_shape("inner")).pem());
    CHECK(refusal(config) ==
          "the supplied identity is not valid: x509: certificate signed by unknown authority");
  }
  SECTION("of a CA of the same name with another key") {
    const Credential impostor = self_signed(ca_shape("ca.org1"));
    config.add_intermediate_certs(issued_by(impostor, ca_shape("inner")).pem());
    CHECK(refusal(config) ==
          "the supplied identity is not valid: x509: certificate signed by unknown authority "
          "(possibly because of \"x509: verification error\")");
  }
  SECTION("no CA") {
    config.add_intermediate_certs(org.member("peer").pem());
    CHECK_THAT(refusal(config), Contains("did not have the CA attribute"));
  }
  SECTION("no key identifier") {
    auto shape = ca_shape("inner");
    shape.has_key_id = false;
    config.add_intermediate_certs(issued_by(org.root, shape).pem());
    CHECK_THAT(refusal(config), Contains("subjectKeyIdentifier not found in certificate"));
  }
  SECTION("below a root that allows none") {
    auto shape = ca_shape("narrow");
    shape.extensions = {{"basicConstraints", "critical,CA:TRUE,pathlen:0"}};
    const Credential narrow = self_signed(shape);
    config.add_root_certs(narrow.pem());
    const Credential below = issued_by(narrow, ca_shape("below"));
    config.add_intermediate_certs(below.pem());
    CHECK(refusal(config).empty());  // The path length counts CAs between root and identity.
    const Msp msp = make_msp(config);
    CHECK_THAT(fault(msp, issued_by(below, {.common_name = "peer", .units = {"peer"}})),
               Contains("x509: too many intermediates for path length constraint"));
  }
  SECTION("begins after its root has expired") {
    auto shape = ca_shape("late");
    shape.not_before = std::chrono::sys_days{std::chrono::January / 1 / 2030};
    shape.not_after = std::chrono::sys_days{std::chrono::January / 1 / 2031};
    config.add_intermediate_certs(issued_by(org.root, shape).pem());
    CHECK_THAT(refusal(config), Contains("x509: certificate has expired or is not yet valid"));
  }
}

TEST_CASE("a revoked intermediate is refused",
          "[security][issue-16][row-261]") {  // testdata/revokedica
  const Organization org;
  const Credential inner = issued_by(org.root, ca_shape("inner"));
  auto config = org.config();
  config.add_intermediate_certs(inner.pem());
  config.add_revocation_list(revocation_list(org.root, {&inner}));
  CHECK_THAT(refusal(config), StartsWith("CA Certificate is not valid, (SN: ") &&
                                  Contains("The certificate has been revoked"));
}

TEST_CASE("an intermediate of two roots has two chains", "[security][issue-16][row-262]") {
  const Credential one = self_signed(ca_shape("root"));
  const Credential other = issued_by(one, ca_shape("root"), one.key());
  auto config = msp_config(kMspId, {&one, &other}, {});
  enable_roles(config);
  REQUIRE(refusal(config).empty());
  config.add_intermediate_certs(issued_by(one, ca_shape("inner")).pem());
  CHECK(refusal(config) == "this MSP only supports a single validation chain, got 2");
}

TEST_CASE("a revocation list says whose it is", "[security][issue-16][row-266]") {
  const Organization org;
  auto config = org.config();
  SECTION("no list at all") {
    config.add_revocation_list("nonsense");
    CHECK_THAT(refusal(config), StartsWith("could not parse RevocationList: "));
  }
  SECTION("a certificate") {
    config.add_revocation_list(org.root.pem());
    CHECK_THAT(refusal(config), StartsWith("could not parse RevocationList: "));
  }
  SECTION("no key identifier") {
    config.add_revocation_list(revocation_list(org.root, {}, KeyIdentifier::kAbsent));
    CHECK_THAT(refusal(config), StartsWith("could not obtain Authority Key Identifier for crl"));
  }
  SECTION("of a stranger") {
    config.add_revocation_list(revocation_list(self_signed(ca_shape("stranger")), {}));
    CHECK(refusal(config).empty());
  }
}

TEST_CASE("somebody administers an organisation", "[security][issue-16][row-272]") {
  const Organization org;
  auto config = org.config();
  const std::string nobody =
      "administrators must be declared when no admin ou classification is set";
  SECTION("without roles and without a list") {  // testdata/nodeouadmin3
    config.clear_fabric_node_ous();
    CHECK(refusal(config) == nobody);
  }
  SECTION("roles, but none for admins") {  // testdata/nodeouadmin2
    config.mutable_fabric_node_ous()->clear_admin_ou_identifier();
    CHECK(refusal(config) == nobody);
  }
  SECTION("roles that are not enabled") {
    config.mutable_fabric_node_ous()->set_enable(false);
    CHECK(refusal(config) == nobody);
  }
  SECTION("roles that are enabled, and not one") {
    config.mutable_fabric_node_ous()->Clear();
    config.mutable_fabric_node_ous()->set_enable(true);
    CHECK(refusal(config) == nobody);
  }
  SECTION("by the list alone") {
    config.clear_fabric_node_ous();
    config.add_admins(issued_by(org.root, {.common_name = "admin"}).pem());
    CHECK(refusal(config).empty());
  }
  SECTION("a list with a stranger") {  // testdata/badadmin
    config.clear_fabric_node_ous();
    config.add_admins(self_signed({.common_name = "stranger"}).pem());
    CHECK_THAT(refusal(config), Contains("x509: certificate signed by unknown authority"));
  }
  SECTION("a list with a CA") {
    config.clear_fabric_node_ous();
    config.add_admins(org.root.pem());
    CHECK_THAT(refusal(config), StartsWith("admin 0 is invalid: could not obtain certification "
                                           "chain: An X509 certificate with Basic Constraint"));
  }
  SECTION("a list with somebody revoked") {
    config.clear_fabric_node_ous();
    const Credential admin = issued_by(org.root, {.common_name = "admin"});
    config.add_admins(admin.pem());
    config.add_revocation_list(revocation_list(org.root, {&admin}));
    CHECK(refusal(config) ==
          "admin 0 is invalid: could not validate identity against certification chain: The "
          "certificate has been revoked");
  }
  SECTION("with roles, a client in the list") {  // testdata/nodeouadminclient
    config.mutable_fabric_node_ous()->clear_admin_ou_identifier();
    config.add_admins(org.member("client").pem());
    CHECK(refusal(config).empty());
  }
  SECTION("with roles, a peer in the list") {  // testdata/nodeous8
    config.add_admins(org.member("peer").pem());
    CHECK(refusal(config) ==
          "admin 0 is invalid [The identity does not contain OU [CLIENT], MSP: [Org1MSP],The "
          "identity does not contain OU [ADMIN], MSP: [Org1MSP]]");
  }
  SECTION("with roles but none for clients, a client in the list") {  // testdata/nodeousbadconf1
    config.mutable_fabric_node_ous()->clear_client_ou_identifier();
    config.add_admins(org.member("client").pem());
    CHECK(refusal(config) ==
          "admin 0 is invalid [cannot test for classification, node ou for type [CLIENT], not "
          "defined, msp: [Org1MSP],The identity does not contain OU [ADMIN], MSP: [Org1MSP]]");
  }
  SECTION("with roles but none for peers, a client in the list") {  // testdata/nodeousbadconf2
    config.mutable_fabric_node_ous()->clear_peer_ou_identifier();
    config.add_admins(org.member("client").pem());
    CHECK(refusal(config).empty());
  }
}

TEST_CASE("a unit is attested by a CA of the organisation", "[security][issue-16][row-269]") {
  const Organization org;
  auto config = org.config();
  const Credential stranger = self_signed(ca_shape("stranger"));
  SECTION("of a recognised unit, by a stranger") {  // testdata/badconfigoucert
    auto& unit = *config.add_organizational_unit_identifiers();
    unit.set_organizational_unit_identifier("COP");
    unit.set_certificate(stranger.pem());
    CHECK(refusal(config) ==
          "failed getting certificate for [COP]: Failed adding OU. Certificate [stranger] not in "
          "root or intermediate certs.");
  }
  SECTION("of a recognised unit, by nobody") {
    config.add_organizational_unit_identifiers()->set_organizational_unit_identifier("COP");
    CHECK_THAT(refusal(config), StartsWith("failed getting certificate for [COP]: "));
  }
  SECTION("of a role, by a stranger") {
    config.mutable_fabric_node_ous()->mutable_peer_ou_identifier()->set_certificate(stranger.pem());
    CHECK_THAT(refusal(config), Contains("not in root or intermediate certs."));
  }
  SECTION("of a role, by the root") {
    config.mutable_fabric_node_ous()->mutable_peer_ou_identifier()->set_certificate(org.root.pem());
    CHECK(refusal(config).empty());
  }
  SECTION("of a role, by an intermediate that has CAs below it") {
    const Credential middle = issued_by(org.root, ca_shape("middle"));
    const Credential low = issued_by(middle, ca_shape("low"));
    config.add_intermediate_certs(middle.pem());
    config.add_intermediate_certs(low.pem());
    auto& unit = *config.mutable_fabric_node_ous()->mutable_peer_ou_identifier();
    unit.set_certificate(middle.pem());
    CHECK_THAT(refusal(config), Contains("Parent certificate should be a leaf of the "
                                         "certification tree"));
    unit.set_certificate(low.pem());
    CHECK(refusal(config).empty());
  }
}

TEST_CASE("authorities for TLS are checked like the others", "[security][issue-16][row-277]") {
  const Organization org;
  const Credential tls = self_signed(ca_shape("tlsca"));
  auto config = org.config();
  config.add_tls_root_certs(tls.pem());
  SECTION("root and intermediate") {  // testdata/tls
    const std::string below = issued_by(tls, ca_shape("below")).pem();
    config.add_tls_intermediate_certs(below);
    const Msp msp = make_msp(config);
    CHECK(msp.tls_roots() == std::vector{tls.pem()});
    CHECK(msp.tls_intermediates() == std::vector{below});
  }
  SECTION("expired") {
    auto shape = ca_shape("old");
    shape.not_after = shape.not_before + std::chrono::hours(1);
    config.add_tls_root_certs(self_signed(shape).pem());
    CHECK(refusal(config).empty());
  }
  SECTION("no CA") {
    config.add_tls_root_certs(self_signed({.common_name = "server"}).pem());
    CHECK_THAT(refusal(config), Contains("did not have the CA attribute"));
  }
  SECTION("no key identifier") {
    auto shape = ca_shape("bare");
    shape.has_key_id = false;
    config.add_tls_root_certs(self_signed(shape).pem());
    CHECK_THAT(refusal(config), Contains("subjectKeyIdentifier not found in certificate"));
  }
  SECTION("an intermediate of the other tree") {
    config.add_tls_intermediate_certs(issued_by(org.root, ca_shape("below")).pem());
    CHECK_THAT(refusal(config), StartsWith("CA Certificate is not valid, (SN: ") &&
                                    Contains("certificate signed by unknown authority"));
  }
  SECTION("no certificate") {
    config.add_tls_root_certs("nonsense");
    CHECK(refusal(config) == "getCertFromPem error: could not decode pem bytes");
  }
}

}  // namespace
}  // namespace ccbus::security
