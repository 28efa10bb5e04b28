#include "service/security/msp/identity.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/security/msp/organization.h"

namespace ccbus::security {
namespace {

using namespace test;
using Catch::Matchers::Contains;

IdentityPointer identity_of(const Credential& credential, const Organization& org) {
  return *make_msp(org.config(), {.ed25519 = true}).deserialize(credential.serialized(kMspId));
}

TEST_CASE("a signature is its signer's, over its bytes", "[security][issue-16][row-271]") {
  const std::string key = GENERATE(as<std::string>(), "P-256", "P-384", "ED25519");
  const Organization org;
  const CertificateShape shape{.common_name = "peer", .units = {"peer"}, .key = key};
  const Credential signer = issued_by(org.root, shape);
  const auto identity = identity_of(signer, org);
  for (const std::size_t size : {0u, 1u, 32u, 100'000u}) {
    const std::string bytes(size, 'b');
    const std::string signature = signer.sign(bytes);
    CHECK(identity->verify(bytes, signature).has_value());
    const auto others = identity->verify(bytes + "x", signature);
    REQUIRE_FALSE(others.has_value());
    CHECK(others.error().message == "The signature is invalid");
  }
  const Credential other = issued_by(org.root, shape);
  CHECK_FALSE(identity->verify("bytes", other.sign("bytes")).has_value());
}

TEST_CASE("a signature with the higher S is refused", "[security][issue-16][row-271]") {
  const std::string key = GENERATE(as<std::string>(), "P-256", "P-384");
  const Organization org;
  const Credential signer =
      issued_by(org.root, {.common_name = "peer", .units = {"peer"}, .key = key});
  const auto identity = identity_of(signer, org);
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto verdict = identity->verify("bytes", signer.sign_high_s("bytes"));
    REQUIRE_FALSE(verdict.has_value());
    CHECK_THAT(verdict.error().message, Contains("Invalid S. Must be smaller than half the order"));
  }
}

TEST_CASE("bytes that are no signature are refused", "[security][issue-16][row-271]") {
  const std::string key = GENERATE(as<std::string>(), "P-256", "P-384", "ED25519");
  const Organization org;
  const Credential signer =
      issued_by(org.root, {.common_name = "peer", .units = {"peer"}, .key = key});
  const auto identity = identity_of(signer, org);
  const std::string good = signer.sign("bytes");
  CHECK_FALSE(identity->verify("bytes", "").has_value());
  CHECK_FALSE(identity->verify("bytes", "barf").has_value());
  CHECK_FALSE(identity->verify("bytes", good + "x").has_value());
  CHECK_FALSE(identity->verify("bytes", good.substr(1)).has_value());
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_FALSE(identity->verify("bytes", changed).has_value());
  }
}

TEST_CASE("a key that may not sign verifies nothing", "[security][issue-16][row-270]") {
  const Organization org;
  const Credential signer =
      issued_by(org.root, {.common_name = "peer", .units = {"peer"}, .key = "RSA"});
  CHECK_FALSE(identity_of(signer, org)->verify("bytes", "signature").has_value());
}

}  // namespace
}  // namespace ccbus::security
