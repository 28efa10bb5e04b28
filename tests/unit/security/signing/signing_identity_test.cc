#include "service/security/signing/signing_identity.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <memory>

#include "fabric/msp/identities.pb.h"
#include "tests/support/process.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

// Whether the certificate's key made this signature.
bool verifies(const SigningIdentity& identity, const std::string& bytes,
              const std::string& signature) {
  const std::string& pem = identity.certificate_pem();
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), X509_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                       EVP_MD_CTX_free);
  EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr,
                       X509_get0_pubkey(certificate.get()));
  return EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                          bytes.size()) == 1;
}

// How long S is in a DER signature: SEQUENCE, length, INTEGER, length, R, INTEGER, length, S.
int length_of_s(const std::string& der) {
  const auto r_length = static_cast<std::size_t>(der.at(3));
  return der.at(4 + r_length + 1);
}

TEST_CASE("a signature verifies with the certificate, and only for the bytes that were signed",
          "[security]") {
  const auto identity = SigningIdentity::generate("Org1MSP");
  REQUIRE(identity.has_value());
  const auto signature = identity->sign("proposal");
  REQUIRE(signature.has_value());
  CHECK(verifies(*identity, "proposal", *signature));
  CHECK_FALSE(verifies(*identity, "another", *signature));
}

TEST_CASE("signatures have the low S that Fabric requires", "[security]") {
  const auto identity = SigningIdentity::generate("Org1MSP");
  REQUIRE(identity.has_value());
  for (int i = 0; i < 50; ++i) {
    const std::string bytes = "proposal " + std::to_string(i);
    const auto signature = identity->sign(bytes);
    REQUIRE(signature.has_value());
    // The order has 32 bytes and begins with ff: in its upper half DER puts a zero before S.
    CHECK(length_of_s(*signature) <= 32);
    CHECK(verifies(*identity, bytes, *signature));
  }
}

TEST_CASE("an identity is kept for the next start", "[security]") {
  const test::TemporaryDirectory directory;
  const fs::path place = directory.path() / "identity";
  const auto first = SigningIdentity::load_or_create(place, "Org1MSP");
  const auto second = SigningIdentity::load_or_create(place, "Org1MSP");
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->serialized() == second->serialized());
  CHECK(verifies(*first, "bytes", *second->sign("bytes")));

  msp::SerializedIdentity parsed;
  REQUIRE(parsed.ParseFromString(first->serialized()));
  CHECK(parsed.mspid() == "Org1MSP");
  CHECK(parsed.id_bytes() == first->certificate_pem());
}

TEST_CASE("an identity is for its owner alone, whatever the umask", "[security][issue-13]") {
  const test::TemporaryDirectory directory;
  const fs::path place = directory.path() / "identity";
  const mode_t before = umask(0);
  const auto identity = SigningIdentity::load_or_create(place, "Org1MSP");
  umask(before);
  REQUIRE(identity.has_value());
  CHECK(fs::status(place).permissions() == fs::perms::owner_all);
  for (const char* name : {"key.pem", "cert.pem"}) {
    CHECK(fs::status(place / name).permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
  }
  fs::permissions(place, fs::perms::owner_all | fs::perms::others_read);  // As older versions did.
  REQUIRE(SigningIdentity::load_or_create(place, "Org1MSP").has_value());
  CHECK(fs::status(place).permissions() == fs::perms::owner_all);
}

TEST_CASE("a start that ended before the certificate was written is begun again",
          "[security][issue-13]") {
  const test::TemporaryDirectory directory;
  std::ofstream(directory.path() / "key.pem") << "";
  std::ofstream(directory.path() / "cert.pem.partial") << "-----BEGIN";
  const auto made = SigningIdentity::load_or_create(directory.path(), "Org1MSP");
  const auto found = SigningIdentity::load_or_create(directory.path(), "Org1MSP");
  REQUIRE(made.has_value());
  REQUIRE(found.has_value());
  CHECK(found->serialized() == made->serialized());
  CHECK_FALSE(fs::exists(directory.path() / "cert.pem.partial"));
}

TEST_CASE("an MSP id never gets the certificate of another one", "[security][issue-15][row-219]") {
  const test::TemporaryDirectory directory;
  REQUIRE(SigningIdentity::load_or_create(directory.path(), "DevMSP").has_value());
  const auto changed = SigningIdentity::load_or_create(directory.path(), "Org1MSP");
  REQUIRE_FALSE(changed.has_value());
  CHECK(changed.error().code == ErrorCode::kPrecondition);
  CHECK_THAT(changed.error().message,
             Contains("cert.pem was made for 'DevMSP', and peer.localMspId is 'Org1MSP'"));
  CHECK(SigningIdentity::load_or_create(directory.path(), "DevMSP").has_value());
  for (const char* name : {"key.pem", "cert.pem"}) fs::remove(directory.path() / name);
  CHECK(SigningIdentity::load_or_create(directory.path(), "Org1MSP").has_value());
}

TEST_CASE("a file without a valid identity is named in the error", "[security]") {
  const test::TemporaryDirectory directory;
  REQUIRE(SigningIdentity::load_or_create(directory.path(), "Org1MSP").has_value());
  SECTION("not a key") {
    std::ofstream(directory.path() / "key.pem") << "nonsense";
    const auto broken = SigningIdentity::load_or_create(directory.path(), "Org1MSP");
    REQUIRE_FALSE(broken.has_value());
    CHECK_THAT(broken.error().message, Contains("key.pem does not hold a private key"));
  }
  SECTION("a missing key") {
    fs::remove(directory.path() / "key.pem");
    const auto broken = SigningIdentity::load_or_create(directory.path(), "Org1MSP");
    REQUIRE_FALSE(broken.has_value());
    CHECK_THAT(broken.error().message, Contains("cannot read") && Contains("key.pem"));
  }
  SECTION("an empty key") {
    fs::resize_file(directory.path() / "key.pem", 0);
    const auto broken = SigningIdentity::load_or_create(directory.path(), "Org1MSP");
    REQUIRE_FALSE(broken.has_value());
    CHECK(broken.error().code == ErrorCode::kCorrupt);
    CHECK(broken.error().message == directory.path().string() +
                                        "/key.pem is empty: restore key.pem and cert.pem in " +
                                        directory.path().string() +
                                        " from a backup, or remove both, and the next start makes "
                                        "a new one");
  }
  SECTION("half a certificate") {
    fs::resize_file(directory.path() / "cert.pem", 100);
    const auto broken = SigningIdentity::load_or_create(directory.path(), "Org1MSP");
    REQUIRE_FALSE(broken.has_value());
    CHECK_THAT(broken.error().message,
               Contains("cert.pem does not hold the certificate") && Contains("remove both"));
  }
  SECTION("another key's certificate") {
    const auto other = SigningIdentity::generate("Org1MSP");
    std::ofstream(directory.path() / "cert.pem") << other->certificate_pem();
    const auto broken = SigningIdentity::load_or_create(directory.path(), "Org1MSP");
    REQUIRE_FALSE(broken.has_value());
    CHECK_THAT(broken.error().message, Contains("does not hold the certificate of key.pem"));
  }
}

}  // namespace
}  // namespace ccbus::security
