#include "service/cli/dev/dev_network.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "tests/support/process.h"

namespace ccbus::cli {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

const DevAddresses kAddresses{"tcp://127.0.0.1:7051",  "tcp://127.0.0.1:7052",
                              "http://127.0.0.1:9443", "127.0.0.1:7151",
                              "127.0.0.1:7152",        "http://127.0.0.1:9444"};

struct Rig {
  Rig() {
    network.directory = folder.path();
    auto made = dev_organizations(network);
    REQUIRE(made);
    organizations = std::move(*made);
  }

  std::vector<std::string> service() const {
    return service_command(network, "/bin/ccbusd", organizations);
  }
  std::vector<std::string> bridge() const {
    return bridge_command(network, "/bin/ccbus-bridge", organizations, kAddresses);
  }
  std::string organization(const char* name) const {
    return (folder.path() / "organizations/peerOrganizations" / name).string();
  }

  test::TemporaryDirectory folder;
  DevNetwork network;
  std::vector<security::WrittenOrganization> organizations;
};

bool has(const std::vector<std::string>& command, const std::string& setting) {
  const auto at = std::find(command.begin(), command.end(), setting);
  return at != command.end() && at != command.begin() && *(at - 1) == "--set";
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("organisations are made once, and those that are missing later", "[cli][issue-17]") {
  Rig rig;
  REQUIRE(rig.organizations.size() == 2);
  CHECK(rig.organizations[0].organization.msp_id == "Org1MSP");
  CHECK(rig.organizations[1].directory == rig.organization("org2.example.com"));
  const fs::path certificate = rig.organizations[0].directory / "peers/peer0.org1.example.com" /
                               "msp/signcerts/peer0.org1.example.com-cert.pem";
  const std::string before = content_of(certificate);
  CHECK_FALSE(before.empty());
  fs::remove_all(rig.organizations[1].directory);
  REQUIRE(dev_organizations(rig.network));
  CHECK(content_of(certificate) == before);
  CHECK(fs::exists(rig.organizations[1].directory / "msp"));
}

TEST_CASE("a directory whose name the configuration cannot take is refused", "[cli][issue-17]") {
  DevNetwork network;
  for (const char* directory : {"/tmp/a,b", "/tmp/a:b"}) {
    network.directory = directory;
    CHECK_THAT(dev_organizations(network).error().message,
               Contains(directory) && Contains("choose another directory"));
  }
}

TEST_CASE("the service is a peer of both organisations", "[cli][issue-17]") {
  const Rig rig;
  const auto command = rig.service();
  CHECK(command[0] == "/bin/ccbusd");
  CHECK(command[1] == "--json");
  CHECK(has(command, "peer.listenAddress=127.0.0.1:7051"));
  CHECK(has(command, "peer.chaincodeListenAddress=127.0.0.1:7052"));
  CHECK(has(command, "operations.listenAddress=127.0.0.1:9443"));
  CHECK(has(command, "ledger.directory=" + (rig.folder.path() / "ledger").string()));
  CHECK(has(command, "ledger.channels=mychannel"));
  CHECK(has(command, "peer.localMspId=Org1MSP"));
  CHECK(has(command, "peer.identities=Org1MSP:" + rig.organization("org1.example.com") +
                         "/peers/peer0.org1.example.com/msp,Org2MSP:" +
                         rig.organization("org2.example.com") +
                         "/peers/peer0.org2.example.com/msp"));
}

TEST_CASE("the bridge has the first peer's certificate for applications", "[cli][issue-17]") {
  Rig rig;
  const std::string tls =
      rig.organization("org1.example.com") + "/peers/peer0.org1.example.com/tls/";
  const auto command = rig.bridge();
  CHECK(has(command, "listenAddress=127.0.0.1:7151"));
  CHECK(has(command, "chaincodeListenAddress=127.0.0.1:7152"));
  CHECK(has(command, "operations.listenAddress=127.0.0.1:9444"));
  CHECK(has(command, "peer.address=tcp://127.0.0.1:7051"));
  CHECK(has(command, "peer.chaincodeAddress=tcp://127.0.0.1:7052"));
  CHECK(has(command, "directory=" + (rig.folder.path() / "bridge").string()));
  CHECK(has(command, "tls.enabled=true"));
  CHECK(has(command, "tls.cert.file=" + tls + "server.crt"));
  CHECK(has(command, "tls.key.file=" + tls + "server.key"));
  rig.network.tls = DevNetwork::Tls::kOff;
  CHECK_FALSE(has(rig.bridge(), "tls.enabled=true"));
}

TEST_CASE("ports are the usual ones with an offset, or the system's choice", "[cli][issue-17]") {
  Rig rig;
  rig.network.port_offset = 10'000;
  CHECK(has(rig.service(), "peer.listenAddress=127.0.0.1:17051"));
  CHECK(has(rig.bridge(), "operations.listenAddress=127.0.0.1:19444"));
  rig.network.ports = DevNetwork::Ports::kFree;
  CHECK(has(rig.service(), "peer.listenAddress=127.0.0.1:0"));
  CHECK(has(rig.bridge(), "operations.listenAddress=127.0.0.1:0"));
}

TEST_CASE("a member exports what peer and fabric-samples read", "[cli][issue-17]") {
  Rig rig;
  const std::string org2 = rig.organization("org2.example.com");
  const std::string roots =
      rig.organization("org1.example.com") + "/peers/peer0.org1.example.com/tls/ca.crt";
  const Variables variables =
      member_variables(rig.network, rig.organizations, rig.organizations[1], kAddresses);
  CHECK(variables ==
        Variables{{"CCBUS_ADDRESS", "tcp://127.0.0.1:7051"},
                  {"CCBUS_BRIDGE", "http://127.0.0.1:9444"},
                  {"CERT_DIRECTORY_PATH", org2 + "/users/User1@org2.example.com/msp/signcerts"},
                  {"CORE_PEER_ADDRESS", "localhost:7151"},
                  {"CORE_PEER_LOCALMSPID", "Org2MSP"},
                  {"CORE_PEER_MSPCONFIGPATH", org2 + "/users/Admin@org2.example.com/msp"},
                  {"CORE_PEER_TLS_ENABLED", "true"},
                  {"CORE_PEER_TLS_ROOTCERT_FILE", roots},
                  {"CRYPTO_PATH", org2},
                  {"KEY_DIRECTORY_PATH", org2 + "/users/User1@org2.example.com/msp/keystore"},
                  {"MSP_ID", "Org2MSP"},
                  {"PEER_ENDPOINT", "localhost:7151"},
                  {"PEER_HOST_ALIAS", "peer0.org1.example.com"},
                  {"TLS_CERT_PATH", roots}});
  rig.network.tls = DevNetwork::Tls::kOff;
  Variables without =
      member_variables(rig.network, rig.organizations, rig.organizations[1], kAddresses);
  CHECK(without["CORE_PEER_TLS_ENABLED"] == "false");
  CHECK(without.count("TLS_CERT_PATH") + without.count("CORE_PEER_TLS_ROOTCERT_FILE") == 0);
}

TEST_CASE("without a bridge chaincode connects to the service", "[cli][issue-17]") {
  const Rig rig;
  CHECK(chaincode_variables(rig.organizations, kAddresses) ==
        Variables{{"CORE_PEER_ADDRESS", "127.0.0.1:7152"},
                  {"CORE_PEER_LOCALMSPID", "Org1MSP"},
                  {"CORE_PEER_TLS_ENABLED", "false"}});
  const DevAddresses alone{kAddresses.service_clients,
                           kAddresses.service_chaincode,
                           kAddresses.service_operations,
                           "",
                           "",
                           ""};
  CHECK(chaincode_variables(rig.organizations, alone).at("CORE_PEER_ADDRESS") == "127.0.0.1:7052");
  const Variables member =
      member_variables(rig.network, rig.organizations, rig.organizations[0], alone);
  CHECK(member.at("CCBUS_ADDRESS") == "tcp://127.0.0.1:7051");
  CHECK(member.count("PEER_ENDPOINT") + member.count("CORE_PEER_ADDRESS") == 0);
}

TEST_CASE("a shell takes the variables as they are", "[cli][issue-17]") {
  CHECK(shell_exports({{"A", "a b"}, {"B", "it's $HOME"}}) ==
        "export A='a b'\nexport B='it'\\''s $HOME'\n");
}

}  // namespace
}  // namespace ccbus::cli
