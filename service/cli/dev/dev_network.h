#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/security/dev/crypto_tree.h"

namespace ccbus::cli {

// A network for a developer: ccbusd as a peer of two organisations, and ccbus-bridge in front of
// it. Everything that it writes stands in one directory.
struct DevNetwork {
  enum class Ports { kUsual, kFree };  // Free: the system chooses them.
  enum class Tls { kOff, kOn };        // Of the bridge's listener for applications.

  std::filesystem::path directory;  // Absolute.
  std::string channel = "mychannel";
  Ports ports = Ports::kUsual;
  std::uint16_t port_offset = 0;  // Added to the usual ports.
  Tls tls = Tls::kOn;
};

// Where the two programs listen, as they have said; the last three are empty without a bridge.
struct DevAddresses {
  std::string service_clients;  // tcp://127.0.0.1:7051
  std::string service_chaincode;
  std::string service_operations;   // http://127.0.0.1:9443
  std::string bridge_applications;  // 127.0.0.1:7151
  std::string bridge_chaincode;
  std::string bridge_operations;
};

using Variables = std::map<std::string, std::string>;

// The organisations, Org1 and Org2, in the directory's crypto tree; those that are missing are
// made. Blocks: on the disk. Errors: of write_crypto_tree(); kInvalid: the directory's name has a
// character that the programs' configuration takes for a separator.
[[nodiscard]] Result<std::vector<security::WrittenOrganization>> dev_organizations(
    const DevNetwork& network);

// The command lines of the two programs.
[[nodiscard]] std::vector<std::string> service_command(
    const DevNetwork& network, const std::filesystem::path& program,
    const std::vector<security::WrittenOrganization>& organizations);
[[nodiscard]] std::vector<std::string> bridge_command(
    const DevNetwork& network, const std::filesystem::path& program,
    const std::vector<security::WrittenOrganization>& organizations, const DevAddresses& addresses);

// What an organisation's member exports: the variables of `peer`, of the applications of
// fabric-samples, and of the commands of ccbus.
[[nodiscard]] Variables member_variables(
    const DevNetwork& network, const std::vector<security::WrittenOrganization>& organizations,
    const security::WrittenOrganization& of, const DevAddresses& addresses);

// What a chaincode is started with that connects to the bridge, or else to the service, as to a
// peer.
[[nodiscard]] Variables chaincode_variables(
    const std::vector<security::WrittenOrganization>& organizations, const DevAddresses& addresses);

// As lines for a shell: export NAME='value'.
[[nodiscard]] std::string shell_exports(const Variables& variables);

}  // namespace ccbus::cli
