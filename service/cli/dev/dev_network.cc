#include "service/cli/dev/dev_network.h"

#include <utility>

namespace ccbus::cli {
namespace {

namespace fs = std::filesystem;
using Organizations = std::vector<security::WrittenOrganization>;

constexpr const char* kNames[] = {"Org1", "Org2"};

std::string listen_address(const DevNetwork& network, unsigned usual) {
  const unsigned port = network.ports == DevNetwork::Ports::kFree ? 0 : usual + network.port_offset;
  return "127.0.0.1:" + std::to_string(port);
}

// "tcp://127.0.0.1:7052" and "http://127.0.0.1:9443" without what stands in front.
std::string host_and_port(const std::string& address) {
  const auto at = address.find("://");
  return at == std::string::npos ? address : address.substr(at + 3);
}

// The names in the peers' certificates have localhost, and so have the samples.
std::string localhost(const std::string& address) {
  return "localhost" + address.substr(address.rfind(':'));
}

fs::path peer_folder(const security::WrittenOrganization& one) {
  return one.directory / "peers" / one.organization.peer;
}

std::vector<std::string> with_settings(const fs::path& program,
                                       const std::vector<std::string>& settings) {
  std::vector<std::string> command{program.string(), "--json"};
  for (const std::string& setting : settings) {
    command.emplace_back("--set");
    command.push_back(setting);
  }
  return command;
}

}  // namespace

Result<Organizations> dev_organizations(const DevNetwork& network) {
  if (network.directory.string().find_first_of(",:\n") != std::string::npos) {
    return fail(ErrorCode::kInvalid, "the name of " + network.directory.string() +
                                         " has a comma, a colon or a line end, which separate "
                                         "folders in peer.identities; choose another directory");
  }
  Organizations organizations;
  const fs::path parent = network.directory / "organizations" / "peerOrganizations";
  for (const char* const name : kNames) {
    auto organization = security::DevOrganization::named(name);
    if (!organization) return unexpected(organization.error());
    const fs::path directory = parent / organization->domain;
    if (!fs::exists(directory)) {
      const auto written = security::write_crypto_tree({network.directory, {name}, {}});
      if (!written) return unexpected(written.error());
    }
    organizations.push_back({std::move(*organization), directory});
  }
  return organizations;
}

std::vector<std::string> service_command(const DevNetwork& network, const fs::path& program,
                                         const Organizations& organizations) {
  std::string identities;
  for (const auto& one : organizations) {
    identities += (identities.empty() ? "" : ",") + one.organization.msp_id + ":" +
                  (peer_folder(one) / "msp").string();
  }
  return with_settings(program, {"peer.listenAddress=" + listen_address(network, 7051),
                                 "peer.chaincodeListenAddress=" + listen_address(network, 7052),
                                 "operations.listenAddress=" + listen_address(network, 9443),
                                 "ledger.directory=" + (network.directory / "ledger").string(),
                                 "ledger.channels=" + network.channel,
                                 "peer.localMspId=" + organizations.front().organization.msp_id,
                                 "peer.identities=" + identities});
}

std::vector<std::string> bridge_command(const DevNetwork& network, const fs::path& program,
                                        const Organizations& organizations,
                                        const DevAddresses& addresses) {
  std::vector<std::string> settings{"listenAddress=" + listen_address(network, 7151),
                                    "chaincodeListenAddress=" + listen_address(network, 7152),
                                    "operations.listenAddress=" + listen_address(network, 9444),
                                    "peer.address=" + addresses.service_clients,
                                    "peer.chaincodeAddress=" + addresses.service_chaincode,
                                    "directory=" + (network.directory / "bridge").string()};
  if (network.tls == DevNetwork::Tls::kOn) {
    const fs::path tls = peer_folder(organizations.front()) / "tls";
    settings.insert(settings.end(),
                    {"tls.enabled=true", "tls.cert.file=" + (tls / "server.crt").string(),
                     "tls.key.file=" + (tls / "server.key").string()});
  }
  return with_settings(program, settings);
}

Variables member_variables(const DevNetwork& network, const Organizations& organizations,
                           const security::WrittenOrganization& of, const DevAddresses& addresses) {
  const security::DevOrganization& member = of.organization;
  const fs::path user = of.directory / "users" / member.users.front() / "msp";
  Variables variables{
      {"CCBUS_ADDRESS", addresses.service_clients},
      {"CORE_PEER_LOCALMSPID", member.msp_id},
      {"CORE_PEER_MSPCONFIGPATH", (of.directory / "users" / member.users.back() / "msp").string()},
      {"MSP_ID", member.msp_id},
      {"CRYPTO_PATH", of.directory.string()},
      {"KEY_DIRECTORY_PATH", (user / "keystore").string()},
      {"CERT_DIRECTORY_PATH", (user / "signcerts").string()}};
  if (addresses.bridge_applications.empty()) return variables;
  // The bridge has the certificate of one peer for the members of all organisations.
  const security::WrittenOrganization& bridge = organizations.front();
  const bool has_tls = network.tls == DevNetwork::Tls::kOn;
  variables["CCBUS_BRIDGE"] = addresses.bridge_operations;
  variables["CORE_PEER_ADDRESS"] = localhost(addresses.bridge_applications);
  variables["CORE_PEER_TLS_ENABLED"] = has_tls ? "true" : "false";
  variables["PEER_ENDPOINT"] = localhost(addresses.bridge_applications);
  variables["PEER_HOST_ALIAS"] = bridge.organization.peer;
  if (!has_tls) return variables;
  const std::string roots = (peer_folder(bridge) / "tls" / "ca.crt").string();
  variables["CORE_PEER_TLS_ROOTCERT_FILE"] = roots;
  variables["TLS_CERT_PATH"] = roots;
  return variables;
}

Variables chaincode_variables(const Organizations& organizations, const DevAddresses& addresses) {
  const std::string& address =
      addresses.bridge_chaincode.empty() ? addresses.service_chaincode : addresses.bridge_chaincode;
  return {{"CORE_PEER_ADDRESS", host_and_port(address)},
          {"CORE_PEER_TLS_ENABLED", "false"},
          {"CORE_PEER_LOCALMSPID", organizations.front().organization.msp_id}};
}

std::string shell_exports(const Variables& variables) {
  std::string text;
  for (const auto& [name, value] : variables) {
    std::string quoted;
    for (const char c : value) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += "export " + name + "='" + quoted + "'\n";
  }
  return text;
}

}  // namespace ccbus::cli
