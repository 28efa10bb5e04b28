#include "service/security/msp/msp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "tests/support/process.h"
#include "tests/unit/security/msp/organization.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;
using namespace test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

constexpr char kRoles[] =
    "NodeOUs:\n  Enable: true\n"
    "  ClientOUIdentifier:\n    Certificate: cacerts/ca.pem\n"
    "    OrganizationalUnitIdentifier: client\n"
    "  PeerOUIdentifier:\n    Certificate: cacerts/ca.pem\n"
    "    OrganizationalUnitIdentifier: peer\n"
    "  AdminOUIdentifier:\n    Certificate: cacerts/ca.pem\n"
    "    OrganizationalUnitIdentifier: admin\n"
    "  OrdererOUIdentifier:\n    OrganizationalUnitIdentifier: orderer\n";

// An MSP's folder with one root.
struct Folder {
  Folder() { put("cacerts/ca.pem", org.root.pem()); }

  void put(const std::string& name, const std::string& content) const {
    fs::create_directories((directory.path() / name).parent_path());
    std::ofstream(directory.path() / name) << content;
  }
  [[nodiscard]] MspFolder read() const {
    auto read = read_msp_folder(directory.path(), kMspId);
    if (!read) throw std::runtime_error(read.error().message);
    return std::move(*read);
  }
  [[nodiscard]] std::string refusal() const {
    const auto read = read_msp_folder(directory.path(), kMspId);
    return read ? std::string() : read.error().message;
  }

  TemporaryDirectory directory;
  Organization org;
};

TEST_CASE("the folder of an MSP is read", "[security][issue-16][row-276]") {
  const Folder folder;
  folder.put("config.yaml", kRoles);
  const Credential inner = issued_by(folder.org.root, ca_shape("inner"));
  const Credential tls = self_signed(ca_shape("tlsca"));
  const std::string list = revocation_list(folder.org.root, {});
  folder.put("intermediatecerts/inner.pem", inner.pem());
  folder.put("crls/list.pem", list);
  folder.put("tlscacerts/tls.pem", tls.pem());
  folder.put("tlsintermediatecerts/tls.pem", issued_by(tls, ca_shape("inner")).pem());
  const MspFolder read = folder.read();
  CHECK(read.notes.empty());
  CHECK(read.config.name() == kMspId);
  CHECK(read.config.root_certs(0) == folder.org.root.pem());
  CHECK(read.config.intermediate_certs(0) == inner.pem());
  CHECK(read.config.revocation_list(0) == list);
  CHECK(read.config.tls_root_certs(0) == tls.pem());
  CHECK(read.config.tls_intermediate_certs_size() == 1);
  CHECK_FALSE(read.config.has_signing_identity());
  const auto& roles = read.config.fabric_node_ous();
  CHECK(roles.enable());
  CHECK(roles.client_ou_identifier().organizational_unit_identifier() == "client");
  CHECK(roles.client_ou_identifier().certificate() == folder.org.root.pem());
  CHECK(roles.orderer_ou_identifier().certificate().empty());
}

TEST_CASE("a folder with roles makes an organisation", "[security][issue-16][row-276]") {
  const Folder folder;
  folder.put("config.yaml", kRoles);
  const Msp msp = make_msp(folder.read().config);
  CHECK(fault(msp, folder.org.member("peer")).empty());
}

TEST_CASE("files are taken in the order of their names", "[security][issue-16][row-276]") {
  const Folder folder;
  const Credential a = self_signed(ca_shape("a"));
  const Credential z = self_signed(ca_shape("z"));
  folder.put("cacerts/z.pem", z.pem());
  folder.put("cacerts/a.pem", a.pem());
  const MspFolder read = folder.read();
  REQUIRE(read.config.root_certs_size() == 3);
  CHECK(read.config.root_certs(0) == a.pem());
  CHECK(read.config.root_certs(1) == folder.org.root.pem());
  CHECK(read.config.root_certs(2) == z.pem());
}

TEST_CASE("a file that is no PEM is passed over and told", "[security][issue-16][row-276]") {
  const Folder folder;
  folder.put("cacerts/README", "nothing");
  fs::create_directories(folder.directory.path() / "cacerts" / "old");
  fs::create_symlink("/none/such", folder.directory.path() / "cacerts" / "gone.pem");
  const MspFolder read = folder.read();
  CHECK(read.config.root_certs_size() == 1);
  REQUIRE(read.notes.size() == 2);
  CHECK_THAT(read.notes[0] + read.notes[1],
             Contains("cacerts/README: it has no content in PEM") && Contains("gone.pem"));
}

TEST_CASE("a link to a certificate is one", "[security][issue-16][row-276]") {
  // TestGetPemMaterialFromDirWithSymlinks: Kubernetes mounts secrets so.
  const Folder folder;
  fs::create_directories(folder.directory.path() / "admincerts");
  fs::create_symlink(folder.directory.path() / "cacerts" / "ca.pem",
                     folder.directory.path() / "admincerts" / "link.pem");
  CHECK(folder.read().config.admins_size() == 1);
}

TEST_CASE("a folder without a CA is no MSP", "[security][issue-16][row-276]") {
  const TemporaryDirectory empty;
  const auto read = read_msp_folder(empty.path(), kMspId);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message ==
        "no ca certificate found in directory " + (empty.path() / "cacerts").string());
}

TEST_CASE("a config.yaml that is none is refused by its name", "[security][issue-16][row-276]") {
  const Folder folder;
  const std::string content =
      GENERATE(as<std::string>(), "NodeOUs: [", "NodeOUs:\n  Enable: perhaps\n");
  folder.put("config.yaml", content);
  CHECK_THAT(folder.refusal(),
             StartsWith("failed unmarshalling configuration file at") && Contains("config.yaml"));
}

TEST_CASE("roles that are not enabled are none", "[security][issue-16][row-276]") {
  const Folder folder;
  const std::string content =
      GENERATE(as<std::string>(), "", "NodeOUs:\n",
               "NodeOUs:\n  Enable: false\n  PeerOUIdentifier:\n    "
               "OrganizationalUnitIdentifier: peer\n",
               "NodeOUs:\n  PeerOUIdentifier:\n    OrganizationalUnitIdentifier: peer\n");
  folder.put("config.yaml", content);
  CHECK_FALSE(folder.read().config.has_fabric_node_ous());
}

TEST_CASE("a role without a name is not defined", "[security][issue-16][row-276]") {
  const Folder folder;
  folder.put("config.yaml",
             "NodeOUs:\n  Enable: true\n  PeerOUIdentifier:\n    Certificate: cacerts/ca.pem\n");
  const MspFolder read = folder.read();
  CHECK(read.config.fabric_node_ous().enable());
  CHECK_FALSE(read.config.fabric_node_ous().has_peer_ou_identifier());
}

TEST_CASE("the certificate of a role may be missing, and that is told",
          "[security][issue-16][row-276]") {
  const Folder folder;
  folder.put("config.yaml",
             "NodeOUs:\n  Enable: true\n  PeerOUIdentifier:\n    Certificate: cacerts/none.pem\n"
             "    OrganizationalUnitIdentifier: peer\n");
  const MspFolder read = folder.read();
  CHECK(read.config.fabric_node_ous().peer_ou_identifier().certificate().empty());
  REQUIRE(read.notes.size() == 1);
  CHECK_THAT(read.notes[0], Contains("no certificate for the unit 'peer'") && Contains("none.pem"));
}

TEST_CASE("a recognised unit needs its certificate", "[security][issue-16][row-276]") {
  const Folder folder;
  const auto with_certificate = [](const std::string& file) {
    return "OrganizationalUnitIdentifiers:\n  - Certificate: " + file +
           "\n    OrganizationalUnitIdentifier: COP\n";
  };
  folder.put("config.yaml", with_certificate("cacerts/ca.pem"));
  const MspFolder read = folder.read();
  REQUIRE(read.config.organizational_unit_identifiers_size() == 1);
  CHECK(read.config.organizational_unit_identifiers(0).certificate() == folder.org.root.pem());
  folder.put("config.yaml", with_certificate("cacerts/none.pem"));
  CHECK_THAT(folder.refusal(), StartsWith("failed loading OrganizationalUnit certificate: ") &&
                                   Contains("cacerts/none.pem"));
}

TEST_CASE("intermediates for TLS without a root are not looked at",
          "[security][issue-16][row-276]") {
  const Folder folder;
  folder.put("tlsintermediatecerts/tls.pem", folder.org.root.pem());
  CHECK(folder.read().config.tls_intermediate_certs().empty());
}

}  // namespace
}  // namespace ccbus::security
