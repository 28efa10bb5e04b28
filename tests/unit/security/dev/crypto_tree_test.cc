#include "service/security/dev/crypto_tree.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <string>

#include "fabric/msp/msp_principal.pb.h"
#include "service/security/crypto/files.h"
#include "service/security/msp/msp_folder.h"
#include "service/security/msp/msp_manager.h"
#include "service/security/signing/signing_identity.h"
#include "tests/support/process.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using common::MSPRole;

// Where an organisation's files are expected.
fs::path home(const fs::path& out, const std::string& domain) {
  return out / "organizations" / "peerOrganizations" / domain;
}

common::MSPPrincipal role(MSPRole::MSPRoleType type, const std::string& msp_id) {
  MSPRole made;
  made.set_msp_identifier(msp_id);
  made.set_role(type);
  common::MSPPrincipal principal;
  principal.set_principal(made.SerializeAsString());
  return principal;
}

Msp msp_of(const fs::path& folder, const std::string& msp_id) {
  auto read = read_msp_folder(folder, msp_id);
  if (!read) throw std::runtime_error(read.error().message);
  CHECK(read->notes.empty());
  auto msp = Msp::make(read->config, {});
  if (!msp) throw std::runtime_error(msp.error().message);
  return std::move(*msp);
}

TEST_CASE("every identity of the tree is valid, has its role and signs",
          "[security][issue-16][row-279]") {
  const test::TemporaryDirectory out;
  const auto written = write_crypto_tree({out.path(), {"Org1", "Org2"}, {}});
  REQUIRE(written.has_value());
  REQUIRE(written->size() == 2);
  for (const std::string number : {"1", "2"}) {
    const std::string domain = "org" + number + ".example.com";
    const std::string msp_id = "Org" + number + "MSP";
    const fs::path directory = home(out.path(), domain);
    const Msp msp = msp_of(directory / "msp", msp_id);
    CHECK(msp.tls_roots().size() == 1);
    const std::pair<std::string, MSPRole::MSPRoleType> members[] = {
        {"peers/peer0." + domain, MSPRole::PEER},
        {"users/User1@" + domain, MSPRole::CLIENT},
        {"users/Admin@" + domain, MSPRole::ADMIN}};
    for (const auto& [folder, own] : members) {
      const auto signer = SigningIdentity::from_msp_folder(directory / folder / "msp", msp_id);
      REQUIRE(signer.has_value());
      const auto identity = msp.deserialize(signer->serialized());
      REQUIRE(identity.has_value());
      CHECK((*identity)->validity().has_value());
      for (const auto type : {MSPRole::PEER, MSPRole::CLIENT, MSPRole::ADMIN, MSPRole::ORDERER}) {
        CHECK(msp.satisfies(**identity, role(type, msp_id)).has_value() == (type == own));
      }
      CHECK((*identity)->verify("bytes", *signer->sign("bytes")).has_value());
      // Each member's own folder is the same organisation.
      CHECK(msp_of(directory / folder / "msp", msp_id).deserialize(signer->serialized()));
    }
  }
}

TEST_CASE("an organisation's member is a stranger to another one", "[security][issue-16]") {
  const test::TemporaryDirectory out;
  REQUIRE(write_crypto_tree({out.path(), {"Org1", "Org2"}, {}}).has_value());
  const Msp msp = msp_of(home(out.path(), "org2.example.com") / "msp", "Org1MSP");
  const auto stranger = SigningIdentity::from_msp_folder(
      home(out.path(), "org1.example.com") / "users/User1@org1.example.com/msp", "Org1MSP");
  CHECK_FALSE(msp.deserialize(stranger->serialized()).has_value());
}

TEST_CASE("the tree is cryptogen's", "[security][issue-16][row-279]") {
  const test::TemporaryDirectory out;
  REQUIRE(write_crypto_tree({out.path(), {"Org1"}, {}}).has_value());
  std::set<std::string> found;
  const fs::path directory = home(out.path(), "org1.example.com");
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) found.insert(entry.path().lexically_relative(directory).string());
  }
  std::set<std::string> expected = {"ca/ca.org1.example.com-cert.pem", "ca/priv_sk",
                                    "tlsca/tlsca.org1.example.com-cert.pem", "tlsca/priv_sk"};
  const auto expect_msp = [&](const std::string& folder) {
    expected.insert(folder + "/cacerts/ca.org1.example.com-cert.pem");
    expected.insert(folder + "/tlscacerts/tlsca.org1.example.com-cert.pem");
    expected.insert(folder + "/config.yaml");
  };
  expect_msp("msp");
  const std::pair<std::string, std::string> nodes[] = {{"peers/peer0.org1.example.com", "server"},
                                                       {"users/User1@org1.example.com", "client"},
                                                       {"users/Admin@org1.example.com", "client"}};
  for (const auto& [folder, tls] : nodes) {
    expect_msp(folder + "/msp");
    expected.insert(folder + "/msp/keystore/priv_sk");
    expected.insert(folder + "/msp/signcerts/" + fs::path(folder).filename().string() +
                    "-cert.pem");
    expected.insert(
        {folder + "/tls/ca.crt", folder + "/tls/" + tls + ".crt", folder + "/tls/" + tls + ".key"});
  }
  CHECK(found == expected);
  CHECK(fs::is_directory(directory / "msp" / "admincerts"));
}

TEST_CASE("files and directories are their owner's alone", "[security][issue-16]") {
  const test::TemporaryDirectory out;
  REQUIRE(write_crypto_tree({out.path(), {"Org1"}, {}}).has_value());
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(out.path())) {
    const fs::perms expected = entry.is_directory()
                                   ? fs::perms::owner_all
                                   : fs::perms::owner_read | fs::perms::owner_write;
    CHECK(entry.status().permissions() == expected);
    files += entry.is_regular_file() ? 1 : 0;
  }
  CHECK(files == 31);
}

TEST_CASE("certificates for TLS name the peer's hosts", "[security][issue-16]") {
  const test::TemporaryDirectory out;
  REQUIRE(write_crypto_tree({out.path(), {"Org1"}, {"ccbus", "10.1.2.3"}}).has_value());
  const fs::path peer = home(out.path(), "org1.example.com") / "peers/peer0.org1.example.com";
  const auto certificate = Certificate::from_pem(*read_file(peer / "tls" / "server.crt"));
  REQUIRE(certificate.has_value());
  X509* const raw = (*certificate)->handle.get();
  for (const char* host : {"peer0.org1.example.com", "peer0", "localhost", "ccbus"}) {
    CHECK(X509_check_host(raw, host, 0, 0, nullptr) == 1);
  }
  for (const char* address : {"127.0.0.1", "::1", "10.1.2.3"}) {
    CHECK(X509_check_ip_asc(raw, address, 0) == 1);
  }
  CHECK(X509_check_host(raw, "peer0.org2.example.com", 0, 0, nullptr) == 0);
  const auto authority = Certificate::from_pem(*read_file(peer / "tls" / "ca.crt"));
  CHECK(check_signature_from(**certificate, **authority).has_value());
}

TEST_CASE("what stands there is not overwritten", "[security][issue-16]") {
  const test::TemporaryDirectory out;
  REQUIRE(write_crypto_tree({out.path(), {"Org2"}, {}}).has_value());
  const auto again = write_crypto_tree({out.path(), {"Org1", "Org2"}, {}});
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == ErrorCode::kExists);
  CHECK(again.error().message ==
        home(out.path(), "org2.example.com").string() + " exists already, and is not overwritten");
  CHECK_FALSE(fs::exists(home(out.path(), "org1.example.com")));
  CHECK(write_crypto_tree({out.path(), {"Org1"}, {}}).has_value());  // One more beside it.
}

TEST_CASE("what a run left that was interrupted is in nobody's way", "[security][issue-16]") {
  const test::TemporaryDirectory out;
  const fs::path partial = home(out.path(), "org1.example.com.partial");
  fs::create_directories(partial / "ca");
  std::ofstream(partial / "ca" / "left") << "behind";
  REQUIRE(write_crypto_tree({out.path(), {"Org1"}, {}}).has_value());
  CHECK_FALSE(fs::exists(partial));
  CHECK_FALSE(fs::exists(home(out.path(), "org1.example.com") / "ca" / "left"));
}

TEST_CASE("names that make no file or certificate are refused", "[security][issue-16]") {
  const test::TemporaryDirectory out;
  const auto refusal = [&](const std::vector<std::string>& names,
                           const std::vector<std::string>& hosts = {}) {
    const auto written = write_crypto_tree({out.path(), names, hosts});
    return written ? std::string() : written.error().message;
  };
  for (const char* name : {"", "1Org", "../Org", "Org 1", "Org/1", "Org-", "Örg", "-Org"}) {
    CHECK_THAT(refusal({name}), Contains("cannot be the name of an organisation"));
  }
  CHECK_THAT(refusal({std::string(41, 'a')}), Contains("at most 40 characters"));
  CHECK(refusal({"Org1", "org1"}) == "two organisations would have the domain org1.example.com");
  CHECK(refusal({}) == "there is no organisation to make");
  CHECK(refusal({"Org1"}, {"a,IP:1.2.3.4"}) ==
        "'a,IP:1.2.3.4' is neither a host name nor an "
        "address");
  CHECK(fs::is_empty(out.path()));
}

}  // namespace
}  // namespace ccbus::security
