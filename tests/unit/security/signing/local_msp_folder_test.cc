// SigningIdentity::from_msp_folder
#include <openssl/pem.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "fabric/msp/identities.pb.h"
#include "service/security/signing/signing_identity.h"
#include "tests/support/process.h"
#include "tests/support/test_organization.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;
using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

// The key as older versions of openssl and Fabric CA write it: SEC1, behind the curve's name.
std::string sec1_pem(const Credential& credential) {
  const BioHandle out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey_traditional(out.get(), credential.key().get(), nullptr, nullptr, 0,
                                       nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" +
         std::string(data, static_cast<std::size_t>(size));
}

std::string encrypted_pem(const Credential& credential) {
  const BioHandle out(BIO_new(BIO_s_mem()));
  std::string phrase = "secret";
  PEM_write_bio_PKCS8PrivateKey(out.get(), credential.key().get(), EVP_aes_128_cbc(), phrase.data(),
                                static_cast<int>(phrase.size()), nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

// The folder of a local MSP.
struct Folder {
  void put(const std::string& name, const std::string& content) const {
    fs::create_directories((directory.path() / name).parent_path());
    std::ofstream(directory.path() / name) << content;
  }
  [[nodiscard]] Result<SigningIdentity> read() const {
    return SigningIdentity::from_msp_folder(directory.path(), "Org1MSP");
  }
  [[nodiscard]] std::string refusal() const {
    const auto identity = read();
    return identity ? std::string() : identity.error().message;
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory.path() / name).string();
  }

  TemporaryDirectory directory;
  Credential root = self_signed(ca_shape("ca"));
};

TEST_CASE("an identity is read from the folder of a local MSP", "[security][issue-16][row-278]") {
  const std::string curve = GENERATE(as<std::string>(), "P-256", "P-384");
  const Folder folder;
  const Credential user = issued_by(folder.root, {.common_name = "User1", .key = curve});
  folder.put("signcerts/User1@org1.example.com-cert.pem", user.pem());
  SECTION("PKCS#8, as cryptogen names it") {
    folder.put("keystore/priv_sk", user.key_pem());
  }
  SECTION("PKCS#8, as Fabric CA names it") {
    folder.put("keystore/0a1b_sk", user.key_pem());
  }
  SECTION("SEC1") {
    folder.put("keystore/key.pem", sec1_pem(user));
  }
  SECTION("beside other keys and files") {
    folder.put("keystore/a.pem", self_signed({.common_name = "other"}).key_pem());
    folder.put("keystore/b.txt", "nothing");
    folder.put("keystore/c.pem", user.key_pem());
    fs::create_directories(folder.directory.path() / "keystore" / "old");
  }
  const auto identity = folder.read();
  REQUIRE(identity.has_value());
  CHECK(identity->msp_id() == "Org1MSP");
  CHECK(identity->certificate_pem() == user.pem());
  msp::SerializedIdentity serialized;
  REQUIRE(serialized.ParseFromString(identity->serialized()));
  CHECK(serialized.mspid() == "Org1MSP");
  CHECK(serialized.id_bytes() == user.pem());

  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto signature = identity->sign("bytes");
    REQUIRE(signature.has_value());
    CHECK(*CurveOrder::of(user.key().get())->is_low_s(*signature));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, user.key().get());
    CHECK(EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature->data()),
                           signature->size(), reinterpret_cast<const unsigned char*>("bytes"),
                           5) == 1);
  }
}

TEST_CASE("the text in front of a certificate is not part of the identity",
          "[security][issue-16]") {
  const Folder folder;
  const Credential user = issued_by(folder.root, {.common_name = "User1"});
  folder.put("signcerts/cert.pem", "Certificate:\n  Data: of somebody\n" + user.pem() + "\n\n");
  folder.put("keystore/priv_sk", user.key_pem());
  const auto identity = folder.read();
  REQUIRE(identity.has_value());
  CHECK(identity->certificate_pem() == user.pem());
}

TEST_CASE("what is missing is named", "[security][issue-16]") {
  const Folder folder;
  const Credential user = issued_by(folder.root, {.common_name = "User1"});
  CHECK(folder.refusal() ==
        "cannot read the directory " + folder.path("signcerts") + ": No such file or directory");
  folder.put("signcerts/README", "nothing");
  CHECK(folder.refusal() ==
        "no signing certificate found in directory " + folder.path("signcerts"));
  CHECK(folder.read().error().code == ErrorCode::kNotFound);
  folder.put("signcerts/cert.pem", user.pem());
  CHECK(folder.refusal() ==
        "cannot read the directory " + folder.path("keystore") + ": No such file or directory");
  fs::create_directories(folder.directory.path() / "keystore");
  CHECK(folder.refusal() == "no private key for " + folder.path("signcerts/cert.pem") +
                                " found in directory " + folder.path("keystore"));
}

TEST_CASE("why no key fits is said", "[security][issue-16]") {
  const Folder folder;
  const Credential user = issued_by(folder.root, {.common_name = "User1"});
  folder.put("signcerts/cert.pem", user.pem());
  SECTION("another key") {
    folder.put("keystore/priv_sk", self_signed({.common_name = "other"}).key_pem());
    CHECK_THAT(folder.refusal(), EndsWith(": priv_sk is another key"));
  }
  SECTION("no key") {
    folder.put("keystore/priv_sk", user.pem());
    CHECK_THAT(folder.refusal(), EndsWith(": priv_sk does not hold a private key in PEM"));
  }
  SECTION("half a key") {
    const std::string pem = user.key_pem();
    folder.put("keystore/priv_sk", pem.substr(0, pem.size() / 2));
    CHECK_THAT(folder.refusal(), EndsWith(": priv_sk does not hold a private key in PEM"));
  }
  SECTION("a key with a pass phrase, which nobody is asked for") {
    folder.put("keystore/priv_sk", encrypted_pem(user));
    CHECK_THAT(folder.refusal(),
               EndsWith(": priv_sk holds an encrypted key, which cannot be used"));
  }
  SECTION("many") {
    for (const char* name : {"a", "b", "c", "d"}) {
      folder.put(std::string("keystore/") + name, "nothing");
    }
    CHECK_THAT(folder.refusal(),
               Contains("c does not hold a private key") && !Contains("d does not"));
  }
}

TEST_CASE("a certificate that cannot sign is refused", "[security][issue-16]") {
  const Folder folder;
  SECTION("no certificate") {
    folder.put("signcerts/cert.pem", self_signed({.common_name = "x"}).key_pem());
    CHECK_THAT(folder.refusal(), Contains("cert.pem does not hold a certificate: "));
  }
  SECTION("a key of another kind") {
    const std::string kind = GENERATE(as<std::string>(), "RSA", "P-521");
    const Credential user = self_signed({.common_name = "x", .key = kind});
    folder.put("signcerts/cert.pem", user.pem());
    folder.put("keystore/priv_sk", user.key_pem());
    CHECK_THAT(folder.refusal(),
               EndsWith("cert.pem has a key that is not ECDSA of P-256 or P-384"));
  }
}

}  // namespace
}  // namespace ccbus::security
