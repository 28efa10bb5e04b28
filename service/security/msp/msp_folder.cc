#include "service/security/msp/msp_folder.h"

#include <yaml-cpp/yaml.h>

#include <system_error>
#include <utility>

#include "service/security/crypto/files.h"
#include "service/security/crypto/pem.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;

using PemList = google::protobuf::RepeatedPtrField<std::string>;
using Notes = std::vector<std::string>;

constexpr char kConfigFile[] = "config.yaml";

// Takes the files of a folder that hold PEM. A folder that does not exist has none.
Result<void> read_folder(const fs::path& folder, PemList& list, Notes& notes) {
  const auto files = list_files(folder);
  if (!files && files.error().code == ErrorCode::kNotFound) return {};
  if (!files) return unexpected(files.error());
  for (const fs::path& file : *files) {
    auto content = read_file(file);
    if (!content) {
      notes.push_back("skipped a file: " + content.error().message);
    } else if (!decode_pem(*content)) {
      notes.push_back("skipped " + file.string() + ": it has no content in PEM");
    } else {
      list.Add(std::move(*content));
    }
  }
  return {};
}

// The text of a key; empty if the map has none.
std::string text_of(const YAML::Node& map, const char* key) {
  const YAML::Node value = map[key];
  return value && value.IsScalar() ? value.Scalar() : std::string();
}

Result<void> read_units(const fs::path& directory, const YAML::Node& units,
                        msp::FabricMSPConfig& config) {
  for (const YAML::Node& unit : units) {
    auto certificate = read_file(directory / text_of(unit, "Certificate"));
    if (!certificate) {
      return fail(ErrorCode::kInvalid,
                  "failed loading OrganizationalUnit certificate: " + certificate.error().message);
    }
    auto& identifier = *config.add_organizational_unit_identifiers();
    identifier.set_certificate(std::move(*certificate));
    identifier.set_organizational_unit_identifier(text_of(unit, "OrganizationalUnitIdentifier"));
  }
  return {};
}

// A role without a unit's name is not defined. One whose certificate cannot be read has none, so
// that any CA of the MSP attests it.
void read_role(const fs::path& directory, const YAML::Node& role,
               msp::FabricOUIdentifier* (msp::FabricNodeOUs::*target)(), msp::FabricNodeOUs& units,
               Notes& notes) {
  if (!role || !role.IsMap()) return;
  const std::string name = text_of(role, "OrganizationalUnitIdentifier");
  if (name.empty()) return;
  msp::FabricOUIdentifier& identifier = *(units.*target)();
  identifier.set_organizational_unit_identifier(name);
  const std::string file = text_of(role, "Certificate");
  if (file.empty()) return;
  auto certificate = read_file(directory / file);
  if (certificate) {
    identifier.set_certificate(std::move(*certificate));
  } else {
    notes.push_back("no certificate for the unit '" + name +
                    "', so that any CA of the MSP attests "
                    "it: " +
                    certificate.error().message);
  }
}

void read_roles(const fs::path& directory, const YAML::Node& roles, msp::FabricMSPConfig& config,
                Notes& notes) {
  if (!roles || !roles.IsMap() || !roles["Enable"] || !roles["Enable"].as<bool>()) return;
  msp::FabricNodeOUs& units = *config.mutable_fabric_node_ous();
  units.set_enable(true);
  read_role(directory, roles["ClientOUIdentifier"],
            &msp::FabricNodeOUs::mutable_client_ou_identifier, units, notes);
  read_role(directory, roles["PeerOUIdentifier"], &msp::FabricNodeOUs::mutable_peer_ou_identifier,
            units, notes);
  read_role(directory, roles["AdminOUIdentifier"], &msp::FabricNodeOUs::mutable_admin_ou_identifier,
            units, notes);
  read_role(directory, roles["OrdererOUIdentifier"],
            &msp::FabricNodeOUs::mutable_orderer_ou_identifier, units, notes);
}

Result<void> read_config_file(const fs::path& directory, msp::FabricMSPConfig& config,
                              Notes& notes) {
  const fs::path file = directory / kConfigFile;
  std::error_code error;
  if (!fs::exists(file, error) && !error) return {};
  const auto content = read_file(file);
  if (!content) return fail(ErrorCode::kInvalid, content.error().message);
  try {
    const YAML::Node root = YAML::Load(*content);
    if (!root.IsMap()) return {};
    if (const YAML::Node units = root["OrganizationalUnitIdentifiers"]) {
      if (auto read = read_units(directory, units, config); !read) return read;
    }
    read_roles(directory, root["NodeOUs"], config, notes);
  } catch (const YAML::Exception& e) {
    return fail(ErrorCode::kInvalid,
                "failed unmarshalling configuration file at " + file.string() + ": " + e.what());
  }
  return {};
}

}  // namespace

Result<MspFolder> read_msp_folder(const fs::path& directory, const std::string& msp_id) {
  MspFolder folder;
  msp::FabricMSPConfig& config = folder.config;
  config.set_name(msp_id);
  config.mutable_crypto_config()->set_signature_hash_family("SHA2");
  config.mutable_crypto_config()->set_identity_identifier_hash_function("SHA256");
  const std::pair<const char*, PemList*> lists[] = {
      {"cacerts", config.mutable_root_certs()},
      {"intermediatecerts", config.mutable_intermediate_certs()},
      {"admincerts", config.mutable_admins()},
      {"crls", config.mutable_revocation_list()},
      {"tlscacerts", config.mutable_tls_root_certs()},
      {"tlsintermediatecerts", config.mutable_tls_intermediate_certs()}};
  for (const auto& [name, list] : lists) {
    if (auto read = read_folder(directory / name, *list, folder.notes); !read) {
      return unexpected(read.error());
    }
  }
  if (config.root_certs().empty()) {
    return fail(ErrorCode::kInvalid,
                "no ca certificate found in directory " + (directory / "cacerts").string());
  }
  // Without a root there is nothing that an intermediate could chain to.
  if (config.tls_root_certs().empty()) config.clear_tls_intermediate_certs();
  if (auto read = read_config_file(directory, config, folder.notes); !read) {
    return unexpected(read.error());
  }
  return folder;
}

}  // namespace ccbus::security
