// Whose certificate is valid. The cases are those of Fabric's msp/testdata and msp/*_test.go, with
// the texts of mspimpl.go and mspimplvalidate.go.
#include "service/security/msp/make_identity.h"

#include <catch2/catch.hpp>
#include <string>

#include "fabric/msp/identities.pb.h"
#include "service/base/hex.h"
#include "service/security/crypto/pem.h"
#include "tests/unit/security/msp/organization.h"

namespace ccbus::security {
namespace {

using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

std::string serialized(const std::string& msp_id, const std::string& pem) {
  msp::SerializedIdentity identity;
  identity.set_mspid(msp_id);
  identity.set_id_bytes(pem);
  return identity.SerializeAsString();
}

TEST_CASE("a member of one role is valid", "[security][issue-16][row-268]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  for (const char* role : {"client", "peer", "admin", "orderer"}) {
    CHECK(fault(msp, org.member(role)).empty());
  }
}

TEST_CASE("an identity knows its id, its units and when it expires",
          "[security][issue-16][row-274]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential peer =
      issued_by(org.root, {.common_name = "peer0", .units = {"peer", "department"}});
  const auto identity = *msp.deserialize(peer.serialized(kMspId));
  CHECK(identity->msp_id() == kMspId);
  CHECK(identity->id().size() == 64);
  CHECK(identity->organizational_units() == std::vector<std::string>{"peer", "department"});
  CHECK(identity->expires_at() == std::chrono::sys_days{std::chrono::January / 1 / 2027});
  CHECK(as_text(identity->certifiers_id()) == as_text(sha256({org.root.der()})));
}

TEST_CASE("an expired certificate is valid, and one that is not valid yet",
          "[security][issue-16][row-263]") {
  // testdata/expiration, TestCertExpiration: at the door alone the clock counts.
  const Organization org;
  const Msp msp = make_msp(org.config());
  auto shape = CertificateShape{.common_name = "peer", .units = {"peer"}};
  shape.not_after = shape.not_before + std::chrono::hours(1);
  CHECK(fault(msp, issued_by(org.root, shape)).empty());
  shape.not_before = std::chrono::sys_days{std::chrono::December / 1 / 2026};
  shape.not_after = std::chrono::sys_days{std::chrono::December / 1 / 2090};
  CHECK(fault(msp, issued_by(org.root, shape)).empty());
}

TEST_CASE("a certificate that begins outside its CA's time is not valid",
          "[security][issue-16][row-263]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  auto shape = CertificateShape{.common_name = "peer", .units = {"peer"}};
  shape.not_before = std::chrono::sys_days{std::chrono::January / 2 / 2027};
  shape.not_after = std::chrono::sys_days{std::chrono::January / 2 / 2028};
  CHECK_THAT(fault(msp, issued_by(org.root, shape)),
             Contains("x509: certificate has expired or is not yet valid"));
}

TEST_CASE("what is no identity is not decoded", "[security][issue-16][row-274]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const std::string pem = org.member("peer").pem();
  CHECK(fault(msp, "nonsense") == "not decoded: could not deserialize a SerializedIdentity");
  CHECK(fault(msp, serialized("Org2MSP", pem)) ==
        "not decoded: expected MSP ID Org1MSP, received Org2MSP");
  CHECK(fault(msp, serialized("", pem)) == "not decoded: expected MSP ID Org1MSP, received ");
  CHECK(fault(msp, serialized(kMspId, "")) == "not decoded: could not decode the PEM structure");
  CHECK(fault(msp, serialized(kMspId, "barf")) ==
        "not decoded: could not decode the PEM structure");
  CHECK(fault(msp, serialized(kMspId, pem.substr(0, pem.size() / 2))) ==
        "not decoded: could not decode the PEM structure");
  CHECK(fault(msp, serialized(kMspId, pem + pem)) ==
        "not decoded: identity for MSP Org1MSP has trailing bytes");
  CHECK(fault(msp, serialized(kMspId, pem + "x")) ==
        "not decoded: identity for MSP Org1MSP has trailing bytes");
  CHECK(fault(msp, serialized(kMspId, org.member("peer").key_pem())) ==
        "not decoded: pem type is PRIVATE KEY, should be 'CERTIFICATE'");
  CHECK_THAT(fault(msp, serialized(kMspId,
                                   "-----BEGIN CERTIFICATE-----\nAQID\n-----END "
                                   "CERTIFICATE-----\n")),
             StartsWith("not decoded: parseCertificate failed: x509: malformed certificate"));
  CHECK_THAT(fault(msp, serialized(kMspId, std::string(kIdentityBytesMax + 1, ' ') + pem)),
             StartsWith("not decoded: the certificate has"));
}

TEST_CASE("space around the certificate means nothing", "[security][issue-16][row-274]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential peer = org.member("peer");
  const auto plain = *msp.deserialize(serialized(kMspId, peer.pem()));
  const auto spaced = *msp.deserialize(serialized(kMspId, "\n" + peer.pem() + "\n \r\n"));
  CHECK(spaced->id() == plain->id());
  CHECK(spaced->validity().has_value());
}

TEST_CASE("bytes behind the certificate's own are refused", "[security][issue-16][row-274]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const std::string pem = encode_pem("CERTIFICATE", org.member("peer").der() + "x");
  CHECK(fault(msp, serialized(kMspId, pem)) ==
        "not decoded: parseCertificate failed: x509: trailing data");
}

TEST_CASE("a certificate in another encoding than DER is refused",
          "[security][issue-16][row-274]") {
  // It would have another hash, and its owner would count twice.
  const Organization org;
  const Msp msp = make_msp(org.config());
  std::string der = org.member("peer").der();
  REQUIRE(der.substr(0, 2) == "\x30\x82");  // A sequence, whose length has two bytes.
  der.replace(1, 1, std::string("\x83\0", 2));
  CHECK(fault(msp, serialized(kMspId, encode_pem("CERTIFICATE", der))) ==
        "not decoded: parseCertificate failed: x509: malformed certificate: not in DER");
}

TEST_CASE("a certificate of a stranger is not decoded", "[security][issue-16][row-264]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential namesake = self_signed(ca_shape("ca.org1"));
  CHECK_THAT(fault(msp, issued_by(namesake, {.common_name = "peer", .units = {"peer"}})),
             StartsWith("not decoded: ") && Contains("certificate signed by unknown authority"));
  CHECK_THAT(fault(msp, self_signed({.common_name = "peer", .units = {"peer"}})),
             Contains("certificate signed by unknown authority"));
}

TEST_CASE("a CA is nobody",
          "[security][issue-16][row-265]") {  // TestIntermediateCAIdentityValidity
  const Organization org;
  const Credential inner = issued_by(org.root, ca_shape("inner"));
  auto config = org.config();
  config.add_intermediate_certs(inner.pem());
  const Msp msp = make_msp(config);
  const std::string nobody =
      "could not obtain certification chain: An X509 certificate with Basic Constraint: "
      "Certificate Authority equals true cannot be used as an identity";
  CHECK(fault(msp, org.root) == nobody);
  CHECK(fault(msp, inner) == nobody);
}

TEST_CASE("identities are issued by the lowest CAs", "[security][issue-16][row-265]") {
  // testdata/intermediate, testdata/intermediate2, testdata/external
  const Organization org;
  const Credential middle = issued_by(org.root, ca_shape("middle"));
  const Credential low = issued_by(middle, ca_shape("low"));
  auto config = org.config();
  config.add_intermediate_certs(middle.pem());
  config.add_intermediate_certs(low.pem());
  const Msp msp = make_msp(config);
  const CertificateShape peer{.common_name = "peer", .units = {"peer"}};
  CHECK(fault(msp, issued_by(low, peer)).empty());
  for (const Credential* inner : {&middle, &org.root}) {
    CHECK_THAT(fault(msp, issued_by(*inner, peer)),
               StartsWith("could not obtain certification chain: invalid validation chain. Parent "
                          "certificate should be a leaf of the certification tree"));
  }
  const auto identity = *msp.deserialize(issued_by(low, peer).serialized(kMspId));
  CHECK(as_text(identity->certifiers_id()) ==
        as_text(sha256({low.der(), middle.der(), org.root.der()})));
  const auto of_inner = *msp.deserialize(issued_by(middle, peer).serialized(kMspId));
  CHECK(of_inner->organizational_units().empty());
}

TEST_CASE("a second root beside one with intermediates issues identities",
          "[security][issue-16][row-265]") {
  const Organization org;
  const Credential other = self_signed(ca_shape("other"));
  auto config = org.config();
  config.add_root_certs(other.pem());
  config.add_intermediate_certs(issued_by(org.root, ca_shape("inner")).pem());
  const Msp msp = make_msp(config);
  CHECK(fault(msp, issued_by(other, {.common_name = "peer", .units = {"peer"}})).empty());
}

TEST_CASE("an intermediate that is not configured attests nobody",
          "[security][issue-16][row-264]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential inner = issued_by(org.root, ca_shape("inner"));
  CHECK_THAT(fault(msp, issued_by(inner, {.common_name = "peer", .units = {"peer"}})),
             Contains("certificate signed by unknown authority"));
}

TEST_CASE("a member cannot issue members", "[security][issue-16][row-264]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  CHECK_THAT(fault(msp, issued_by(org.member("peer"), {.common_name = "x", .units = {"peer"}})),
             Contains("certificate signed by unknown authority"));
}

TEST_CASE("a CA that two roots have signed leads to two chains", "[security][issue-16][row-262]") {
  const Credential first = self_signed(ca_shape("first"));
  const Credential second = self_signed(ca_shape("second"));
  const Credential inner = issued_by(first, ca_shape("inner"));
  const Credential crossed = issued_by(second, ca_shape("inner"), inner.key());
  auto config = msp_config(kMspId, {&first, &second}, {});
  enable_roles(config);
  config.add_intermediate_certs(inner.pem());
  config.add_intermediate_certs(crossed.pem());
  const Msp msp = make_msp(config);
  CHECK(fault(msp, issued_by(inner, {.common_name = "peer", .units = {"peer"}})) ==
        "not decoded: failed getting validation chain: this MSP only supports a single validation "
        "chain, got 2");
}

TEST_CASE("authorities that sign each other are no endless chain",
          "[security][issue-16][row-262]") {
  const Organization org;
  const Credential a = issued_by(org.root, ca_shape("a"));
  const Credential b = issued_by(org.root, ca_shape("b"));
  auto config = org.config();
  config.add_intermediate_certs(a.pem());
  config.add_intermediate_certs(b.pem());
  config.add_intermediate_certs(issued_by(a, ca_shape("b"), b.key()).pem());
  config.add_intermediate_certs(issued_by(b, ca_shape("a"), a.key()).pem());
  const Msp msp = make_msp(config);
  CHECK_THAT(fault(msp, issued_by(a, {.common_name = "peer", .units = {"peer"}})),
             Contains("only supports a single validation chain, got 2"));
}

TEST_CASE("a revoked certificate is not valid", "[security][issue-16][row-266]") {
  const Organization org;
  const Credential good = org.member("peer");
  const Credential bad = org.member("peer");
  auto config = org.config();
  const std::string revoked =
      "could not validate identity against certification chain: The certificate has been revoked";
  SECTION("by its issuer") {  // testdata/revocation
    config.add_revocation_list(revocation_list(org.root, {&bad}));
    const Msp msp = make_msp(config);
    CHECK(fault(msp, bad) == revoked);
    CHECK(fault(msp, good).empty());
  }
  SECTION("by the second of two lists") {
    config.add_revocation_list(revocation_list(org.root, {}));
    config.add_revocation_list(revocation_list(org.root, {&bad}));
    CHECK(fault(make_msp(config), bad) == revoked);
  }
  SECTION("by another CA of the organisation") {
    const Credential other = self_signed(ca_shape("other"));
    config.add_root_certs(other.pem());
    config.add_revocation_list(revocation_list(other, {&bad}));
    CHECK(fault(make_msp(config), bad).empty());
  }
  SECTION("by whoever only claims to be its issuer") {  // testdata/revocation2
    const Credential impostor = self_signed(ca_shape("ca.org1"));
    auto shape = ca_shape("ca.org1");
    shape.has_key_id = false;
    const CertificatePointer claimed = *Certificate::from_pem(org.root.pem());
    shape.extensions = {{"subjectKeyIdentifier", to_hex(*claimed->subject_key_id)}};
    const Credential claims = issued_by(impostor, shape, impostor.key());
    REQUIRE((*Certificate::from_pem(claims.pem()))->subject_key_id == claimed->subject_key_id);
    config.add_revocation_list(revocation_list(claims, {&bad}));
    CHECK(fault(make_msp(config), bad).empty());
  }
}

TEST_CASE("keys of P-256 and P-384 sign, of Ed25519 if the channel allows it",
          "[security][issue-16][row-270]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const auto with_key = [&](const std::string& key) {
    return issued_by(org.root, {.common_name = "peer", .units = {"peer"}, .key = key});
  };
  const std::string algorithm = "could not validate identity's public key algorithm: ";
  CHECK(fault(msp, with_key("P-256")).empty());
  CHECK(fault(msp, with_key("P-384")).empty());
  CHECK(fault(msp, with_key("P-521")) ==
        algorithm + "ECDSA of a curve other than P-256 and P-384 is not supported");
  CHECK(fault(msp, with_key("RSA")) == algorithm + "RSA is not supported");
  CHECK(fault(msp, with_key("ED25519")) == algorithm + "Ed25519 is not supported");
  const Msp newer = make_msp(org.config(), {.ed25519 = true});
  CHECK(fault(newer, with_key("ED25519")).empty());
  CHECK(fault(newer, with_key("RSA")) == algorithm + "RSA is not supported");
}

TEST_CASE("a CA may have any of the kinds of keys", "[security][issue-16][row-270]") {
  const std::string kind = GENERATE(as<std::string>(), "RSA", "P-384", "P-521", "ED25519");
  auto shape = ca_shape("ca");
  shape.key = kind;
  const Credential root = self_signed(shape);
  auto config = msp_config(kMspId, {&root}, {});
  enable_roles(config);
  const Msp msp = make_msp(config);
  CHECK(fault(msp, issued_by(root, {.common_name = "peer", .units = {"peer"}})).empty());
  // What such a CA has not issued is decoded unless the signature is ECDSA, and is not valid.
  const Credential stranger = self_signed(shape);
  CHECK_THAT(fault(msp, issued_by(stranger, {.common_name = "peer", .units = {"peer"}})),
             Contains("certificate signed by unknown authority"));
}

TEST_CASE("the higher S of a certificate's signature changes nothing",
          "[security][issue-16][row-267]") {
  // TestSanitizeCert, TestMSPIdentityIdentifier, testdata/mspid
  const Organization org;
  const Msp msp = make_msp(org.config());
  const Credential peer = org.member("peer");
  const auto low = *msp.deserialize(peer.serialized(kMspId));
  const std::string high_pem = peer.pem_with_high_s(org.root);
  REQUIRE(high_pem != peer.pem());
  const auto high = *msp.deserialize(serialized(kMspId, high_pem));
  CHECK(high->id() == low->id());
  CHECK(high->certificate().der == peer.der());
  CHECK(high->validity().has_value());

  auto config = org.config();
  config.set_root_certs(0, org.root.pem_with_high_s(org.root));
  const Msp same = make_msp(config);
  CHECK((*same.deserialize(peer.serialized(kMspId)))->certifiers_id() == low->certifiers_id());
}

TEST_CASE("units say exactly one role", "[security][issue-16][row-268]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const auto with_units = [&](std::vector<std::string> units) {
    return fault(msp, issued_by(org.root, {.common_name = "x", .units = std::move(units)}));
  };
  const std::string units = "could not validate identity's OUs: ";
  // testdata/nodeous2
  CHECK(with_units({}) == units +
                              "the identity does not have an OU that resolves to client, peer, "
                              "orderer, or admin role. OUs: [], MSP: [Org1MSP]");
  CHECK_THAT(with_units({"department"}),
             StartsWith(units + "the identity does not have an OU") && Contains("department("));
  CHECK_THAT(with_units({"client", "peer"}),
             StartsWith(units + "the identity must have a client, a peer, an orderer, or an admin "
                                "OU role to be valid, not a combination of them. OUs: [client("));
  CHECK_THAT(with_units({"peer", "peer"}), Contains("not a combination of them"));
  CHECK_THAT(with_units({"admin", "department", "orderer"}), Contains("not a combination of them"));
  CHECK(with_units({"department", "peer"}).empty());
  CHECK_THAT(with_units({"Peer"}), Contains("does not have an OU"));
}

TEST_CASE("a role counts if the CA attests it that should", "[security][issue-16][row-268]") {
  // testdata/nodeous4
  const Organization org;
  const Credential other = self_signed(ca_shape("other"));
  auto config = org.config();
  config.add_root_certs(other.pem());
  config.mutable_fabric_node_ous()->mutable_peer_ou_identifier()->set_certificate(org.root.pem());
  const Msp msp = make_msp(config);
  CHECK(fault(msp, org.member("peer")).empty());
  CHECK_THAT(fault(msp, issued_by(other, {.common_name = "x", .units = {"peer"}})),
             StartsWith("could not validate identity's OUs: certifiersIdentifier does not match: "
                        "[peer("));
  CHECK(fault(msp, issued_by(other, {.common_name = "x", .units = {"client"}})).empty());
}

TEST_CASE("one of the recognised units is needed", "[security][issue-16][row-269]") {
  // testdata/nodeous6, testdata/nodeous7, testdata/badconfigou
  const Organization org;
  auto config = org.config();
  auto& unit = *config.add_organizational_unit_identifiers();
  unit.set_organizational_unit_identifier("COP");
  unit.set_certificate(org.root.pem());
  const auto with_units = [&](const Msp& msp, std::vector<std::string> units) {
    return fault(msp, issued_by(org.root, {.common_name = "x", .units = std::move(units)}));
  };
  const Msp msp = make_msp(config);
  CHECK(with_units(msp, {"COP", "peer"}).empty());
  CHECK_THAT(with_units(msp, {"peer"}),
             StartsWith("could not validate identity's OUs: none of the identity's organizational "
                        "units [peer(") &&
                 Contains(")] are in MSP Org1MSP"));
  CHECK(with_units(msp, {}) ==
        "could not validate identity's OUs: the identity certificate does not contain an "
        "Organizational Unit (OU)");

  const Credential other = self_signed(ca_shape("other"));
  config.add_root_certs(other.pem());
  const Msp wider = make_msp(config);
  CHECK_THAT(fault(wider, issued_by(other, {.common_name = "x", .units = {"COP", "peer"}})),
             Contains("none of the identity's organizational units"));
}

TEST_CASE("without roles any member is valid", "[security][issue-16][row-268]") {
  const Organization org;
  const Credential admin = issued_by(org.root, {.common_name = "admin"});
  const Msp msp = make_msp(msp_config(kMspId, {&org.root}, {&admin}));
  CHECK(fault(msp, issued_by(org.root, {.common_name = "x"})).empty());
  CHECK(fault(msp, org.member("peer")).empty());
}

TEST_CASE("extensions of a certificate are honoured as Go honours them",
          "[security][issue-16][row-264]") {
  const Organization org;
  const Msp msp = make_msp(org.config());
  const auto with = [&](const std::string& name, const std::string& value) {
    return fault(msp, issued_by(org.root, {.common_name = "peer0.org1.example.com",
                                           .units = {"peer"},
                                           .extensions = {{name, value}}}));
  };
  CHECK(with("extendedKeyUsage", "serverAuth,clientAuth").empty());
  CHECK(with("extendedKeyUsage", "anyExtendedKeyUsage").empty());
  CHECK_THAT(with("extendedKeyUsage", "clientAuth"),
             Contains("x509: certificate specifies an incompatible key usage"));
  CHECK(with("1.2.3.4.5.6.7.8.1", "DER:7b7d").empty());
  CHECK_THAT(with("1.2.3.4.5.6.7.8.1", "critical,DER:7b7d"),
             Contains("x509: unhandled critical extension"));
  CHECK(with("subjectAltName", "critical,DNS:peer0.org1.example.com").empty());
}

TEST_CASE("the names that a CA may sign for are honoured", "[security][issue-16][row-264]") {
  // TestValidateCANameConstraintsMitigation
  auto shape = ca_shape("ca");
  shape.extensions = {{"nameConstraints", "critical,permitted;DNS:example.com"}};
  const Credential root = self_signed(shape);
  auto config = msp_config(kMspId, {&root}, {});
  enable_roles(config);
  const Msp msp = make_msp(config);
  const auto named = [&](const std::string& common_name, const std::string& alternative) {
    CertificateShape peer{.common_name = common_name, .units = {"peer"}};
    if (!alternative.empty()) peer.extensions = {{"subjectAltName", alternative}};
    return fault(msp, issued_by(root, peer));
  };
  CHECK(named("User1@org1", "").empty());
  CHECK(named("peer", "DNS:peer0.example.com").empty());
  CHECK_THAT(named("peer", "DNS:peer0.example.org"), Contains("is not authorized to sign"));
  CHECK_THAT(named("peer0.example.com", ""), Contains("leaf doesn't have a SAN extension"));
}

}  // namespace
}  // namespace ccbus::security
