#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "service/base/result.h"

namespace ccbus::security {

// The names of a development organisation, made of one word: of "Org1" the MSP id is Org1MSP, and
// its members are in the domain org1.example.com.
struct DevOrganization {
  // Errors: kInvalid if the name is not a letter followed by letters, digits and hyphens, at most
  //         40 characters in all.
  [[nodiscard]] static Result<DevOrganization> named(const std::string& name);

  std::string msp_id;
  std::string domain;
  std::string peer;                // peer0.org1.example.com
  std::vector<std::string> users;  // User1@org1.example.com, Admin@org1.example.com
};

struct CryptoTreeOptions {
  std::filesystem::path directory;      // Gets organizations/peerOrganizations/<domain>/.
  std::vector<std::string> names;       // Of organisations: "Org1".
  std::vector<std::string> more_hosts;  // For the TLS certificates of peers, beside localhost.
};

struct WrittenOrganization {
  DevOrganization organization;
  std::filesystem::path directory;
};

// Makes certificate authorities, a peer, a user and an admin for each organisation, and writes them
// in the tree of Fabric's cryptogen with NodeOUs, in which the applications of fabric-samples look
// for them. Directories have the mode 0700, files 0600. An organisation's directory gets its name
// when it is complete.
//
// Blocks: on the disk. Errors: kExists  an organisation stands there already; nothing was written.
//         kInvalid  a name, or two of one domain. kIo.
[[nodiscard]] Result<std::vector<WrittenOrganization>> write_crypto_tree(
    const CryptoTreeOptions& options);

}  // namespace ccbus::security
