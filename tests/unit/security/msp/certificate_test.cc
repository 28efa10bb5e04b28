#include "service/security/msp/certificate.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/test_organization.h"

namespace ccbus::security {
namespace {

using namespace test;
using Catch::Matchers::Contains;

std::string refusal(const Credential& credential) {
  const auto certificate = Certificate::from_der(credential.der());
  return certificate ? std::string() : certificate.error().message;
}

TEST_CASE("a certificate is read", "[security][issue-16][row-264]") {
  const Credential root = self_signed(ca_shape("ca"));
  const Credential peer = issued_by(root, {.common_name = "peer0",
                                           .units = {"peer", "Zoë"},
                                           .key = "P-384",
                                           .extensions = {{"subjectAltName", "DNS:peer0"}}});
  const auto certificate = *Certificate::from_pem("text\n" + peer.pem());
  CHECK(certificate->der == peer.der());
  CHECK(certificate->common_name == "peer0");
  CHECK(certificate->organizational_units == std::vector<std::string>{"peer", "Zoë"});
  CHECK(certificate->not_before == std::chrono::sys_days{std::chrono::January / 1 / 2026});
  CHECK(certificate->not_after == std::chrono::sys_days{std::chrono::January / 1 / 2027});
  CHECK(certificate->key_kind == KeyKind::kP384);
  CHECK(certificate->has_ecdsa_signature);
  CHECK_FALSE(certificate->is_ca);
  CHECK(certificate->alternative_names.has_value());
  CHECK(certificate->issuer == (*Certificate::from_pem(root.pem()))->subject);
  CHECK((*Certificate::from_pem(root.pem()))->is_ca);
}

TEST_CASE("a serial number is printed as Go prints it", "[security][issue-16]") {
  const auto hex_of = [](long value) {
    const std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> serial(ASN1_INTEGER_new(),
                                                                             ASN1_INTEGER_free);
    ASN1_INTEGER_set(serial.get(), value);
    return serial_hex(serial.get());
  };
  CHECK(hex_of(0) == "0");
  CHECK(hex_of(0xa) == "a");
  CHECK(hex_of(0x1abc) == "1abc");
  CHECK(hex_of(0xff00) == "ff00");
  CHECK(hex_of(-0xa) == "-a");
}

TEST_CASE("what Go does not read is refused", "[security][issue-16][row-264]") {
  const Credential root = self_signed(ca_shape("ca"));
  SECTION("a curve that is given by its parameters") {
    CHECK(refusal(issued_by(root, {.common_name = "x", .key = "parameters"})) ==
          "x509: unsupported elliptic curve");
  }
  SECTION("an extension twice") {
    CHECK(
        refusal(issued_by(root, {.common_name = "x",
                                 .extensions = {{"1.2.3.4", "DER:00"}, {"1.2.3.4", "DER:01"}}})) ==
        "x509: certificate contains duplicate extensions");
  }
  SECTION("an extension that is none") {
    CHECK(refusal(issued_by(
              root, {.common_name = "x", .extensions = {{"basicConstraints", "DER:00"}}})) ==
          "x509: malformed extension");
  }
  SECTION("anything cut off") {
    const std::string der = root.der();
    for (std::size_t size = 0; size < der.size(); ++size) {
      CHECK_FALSE(Certificate::from_der(std::string_view(der).substr(0, size)).has_value());
    }
  }
}

TEST_CASE("a signature with SHA-1 counts for nothing", "[security][issue-16][row-264]") {
  const Credential root = self_signed(ca_shape("ca"));
  const Credential peer = issued_by(root, {.common_name = "x"});
  REQUIRE(X509_sign(peer.certificate(), root.key().get(), EVP_sha1()) > 0);
  const auto weak = *Certificate::from_der(peer.der());
  const auto verdict = check_signature_from(*weak, **Certificate::from_pem(root.pem()));
  REQUIRE_FALSE(verdict.has_value());
  CHECK_THAT(verdict.error().message, Contains("insecure or unknown algorithm"));
}

TEST_CASE("who may sign certificates is said in the issuer's", "[security][issue-16][row-264]") {
  const auto verdict_of = [](const CertificateShape& shape) {
    const Credential issuer = self_signed(shape);
    const Credential peer = issued_by(issuer, {.common_name = "x"});
    return check_signature_from(**Certificate::from_pem(peer.pem()),
                                **Certificate::from_pem(issuer.pem()))
        .has_value();
  };
  CHECK(verdict_of(ca_shape("ca")));
  CHECK_FALSE(verdict_of({.common_name = "peer"}));
  CHECK_FALSE(verdict_of(
      {.common_name = "ca", .is_ca = true, .extensions = {{"keyUsage", "digitalSignature"}}}));
  CHECK(verdict_of({.common_name = "ca", .is_ca = true, .extensions = {{"keyUsage", ""}}}));
}

}  // namespace
}  // namespace ccbus::security
