#include "service/security/dev/dev_identities.h"

#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "service/base/durable_files.h"
#include "service/base/hex.h"
#include "service/security/crypto/files.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;

constexpr char kAttributesId[] = "1.2.3.4.5.6.7.8.1";  // Fabric CA's.
constexpr std::size_t kCommonNameBytesMax = 64;        // Of a common name (RFC 5280, appendix A).
constexpr char kAuthorityFolder[] = "ca";
constexpr char kCertificateFolder[] = "signcerts";
constexpr char kCertificateFile[] = "cert.pem";
constexpr char kKeyFile[] = "priv_sk";
constexpr char kAttributesFile[] = "attributes.json";  // Those of the certificate beside it.

// The certificate is written last: if it exists, the key does too.
Result<void> write_identity(const fs::path& key, const fs::path& certificate,
                            const IssuedIdentity& identity) {
  for (const fs::path& file : {key, certificate}) {
    if (auto made = make_directories(file.parent_path()); !made) return made;
  }
  if (auto written = write_durably(key, identity.key_pem); !written) return written;
  return write_durably(certificate, identity.certificate_pem);
}

std::string what_to_do(const fs::path& directory) {
  return "; restore it from a backup, or remove " + directory.string() +
         ", and the next start makes new identities";
}

Result<CertificateAuthority> open_authority(const fs::path& directory, const std::string& msp_id) {
  const fs::path folder = directory / kAuthorityFolder;
  const auto known = file_exists(folder / kCertificateFile);
  if (!known) return unexpected(known.error());
  if (!*known) {
    auto made = CertificateAuthority::create(msp_id, "ca." + msp_id);
    if (!made) return made;
    auto written = write_identity(folder / kKeyFile, folder / kCertificateFile, made->own());
    if (!written) return unexpected(written.error());
    return made;
  }
  auto certificate = read_file(folder / kCertificateFile);
  if (!certificate) return unexpected(certificate.error());
  auto key = read_file(folder / kKeyFile);
  if (!key) return fail(ErrorCode::kIo, key.error().message + what_to_do(directory));
  auto restored = CertificateAuthority::restore({std::move(*certificate), std::move(*key)});
  if (!restored) {
    return fail(ErrorCode::kCorrupt, (folder / kCertificateFile).string() + " or " + kKeyFile +
                                         " beside it " + restored.error().message +
                                         what_to_do(directory));
  }
  if (restored->organization() != msp_id) {
    return fail(ErrorCode::kPrecondition, directory.string() + " was made for '" +
                                              restored->organization() + "', and the MSP id is '" +
                                              msp_id + "': set it to '" + restored->organization() +
                                              "', or move the directory away, and the next start "
                                              "makes new identities");
  }
  return restored;
}

// A name as part of a path. Names of keys may have any characters.
std::string folder_of_key(const std::string& name) {
  return "keys/" + to_hex(name);
}

Result<std::string> attributes_json(const std::string& name,
                                    const DevIdentities::Attributes& attributes) {
  if (name.empty() || name.size() > kCommonNameBytesMax) {
    return fail(ErrorCode::kInvalid, "a key that stands for a client has a name of 1 to " +
                                         std::to_string(kCommonNameBytesMax) + " bytes, not of " +
                                         std::to_string(name.size()));
  }
  nlohmann::json attrs = {{"hf.EnrollmentID", name}, {"hf.Type", "client"}, {"hf.Affiliation", ""}};
  for (const auto& [key, value] : attributes) attrs[key] = value;
  try {
    return nlohmann::json{{"attrs", std::move(attrs)}}.dump();
  } catch (const nlohmann::json::type_error&) {
    return fail(ErrorCode::kInvalid, "a key's name or attribute is not UTF-8");
  }
}

// Takes a certificate with other attributes away, so that another one is made. It goes first: if
// it exists, its key and its attributes do too.
Result<void> keep_attributes(const fs::path& folder, const std::string& attributes) {
  const fs::path file = folder / kAttributesFile;
  const auto known = file_exists(file);
  if (!known) return unexpected(known.error());
  if (*known) {
    const auto present = read_file(file);
    if (!present) return unexpected(present.error());
    if (*present == attributes) return {};
  }
  std::error_code failed;
  fs::remove(folder / kCertificateFolder / kCertificateFile, failed);
  if (failed) return fail(ErrorCode::kIo, folder.string() + ": " + failed.message());
  if (auto made = make_directories(folder); !made) return made;
  return write_durably(file, attributes);
}

}  // namespace

DevIdentities::DevIdentities(std::string msp_id, std::optional<fs::path> directory,
                             CertificateAuthority authority)
    : msp_id_(std::move(msp_id)),
      directory_(std::move(directory)),
      authority_(std::move(authority)) {}

Result<DevIdentities> DevIdentities::make(const std::string& msp_id) {
  auto authority = CertificateAuthority::create(msp_id, "ca." + msp_id);
  if (!authority) return unexpected(authority.error());
  DevIdentities identities(msp_id, std::nullopt, std::move(*authority));
  if (auto made = identities.make_members(); !made) return unexpected(made.error());
  return identities;
}

Result<DevIdentities> DevIdentities::open(const fs::path& directory, const std::string& msp_id) {
  if (auto made = make_directories(directory); !made) return unexpected(made.error());
  if (auto own = make_private(directory); !own) return unexpected(own.error());
  auto authority = open_authority(directory, msp_id);
  if (!authority) return unexpected(authority.error());
  DevIdentities identities(msp_id, directory, std::move(*authority));
  if (auto made = identities.make_members(); !made) return unexpected(made.error());
  return identities;
}

Result<void> DevIdentities::make_members() {
  auto peer = member("peer", "peer." + msp_id_, "peer", {});
  if (!peer) return unexpected(peer.error());
  auto client = member("client", "client." + msp_id_, "client", {});
  if (!client) return unexpected(client.error());
  peer_.emplace(std::move(*peer));
  client_.emplace(std::move(*client));
  auto admin = member("admin", "admin." + msp_id_, "admin", {});
  if (!admin) return unexpected(admin.error());
  admin_.emplace(std::move(*admin));
  return {};
}

Result<SigningIdentity> DevIdentities::member(
    const fs::path& folder, const std::string& common_name, const std::string& unit,
    const std::vector<CertificateContent::Extension>& extensions) const {
  if (!directory_) {
    const auto issued = authority_.issue_member(common_name, unit, extensions);
    if (!issued) return unexpected(issued.error());
    return SigningIdentity::from_pem(msp_id_, issued->certificate_pem, issued->key_pem);
  }
  const fs::path home = *directory_ / folder;
  const fs::path certificate = home / kCertificateFolder / kCertificateFile;
  const auto known = file_exists(certificate);
  if (!known) return unexpected(known.error());
  if (!*known) {
    const auto issued = authority_.issue_member(common_name, unit, extensions);
    if (!issued) return unexpected(issued.error());
    auto written = write_identity(home / "keystore" / kKeyFile, certificate, *issued);
    if (!written) return unexpected(written.error());
  }
  auto identity = SigningIdentity::from_msp_folder(home, msp_id_);
  if (!identity) {
    return fail(ErrorCode::kCorrupt, identity.error().message + what_to_do(home));
  }
  return identity;
}

msp::FabricMSPConfig DevIdentities::msp_config() const {
  msp::FabricMSPConfig config;
  config.set_name(msp_id_);
  config.add_root_certs(authority_.own().certificate_pem);
  msp::FabricNodeOUs& roles = *config.mutable_fabric_node_ous();
  roles.set_enable(true);
  roles.mutable_client_ou_identifier()->set_organizational_unit_identifier("client");
  roles.mutable_peer_ou_identifier()->set_organizational_unit_identifier("peer");
  roles.mutable_admin_ou_identifier()->set_organizational_unit_identifier("admin");
  roles.mutable_orderer_ou_identifier()->set_organizational_unit_identifier("orderer");
  return config;
}

std::shared_ptr<const SigningIdentity> DevIdentities::known_for_key(
    const std::string& name, const Attributes& attributes) const {
  const MutexLock lock(of_keys_->mutex);
  const auto at = of_keys_->given.find(name);
  if (at == of_keys_->given.end() || at->second.attributes != attributes) return nullptr;
  return at->second.identity;
}

Result<std::shared_ptr<const SigningIdentity>> DevIdentities::for_key(
    const std::string& name, const Attributes& attributes) const {
  const auto json = attributes_json(name, attributes);
  if (!json) return unexpected(json.error());
  const MutexLock one_at_a_time(of_keys_->making);
  if (auto known = known_for_key(name, attributes)) return known;
  const std::string folder = folder_of_key(name);
  if (directory_) {
    if (auto kept = keep_attributes(*directory_ / folder, *json); !kept) {
      return unexpected(kept.error());
    }
  }
  auto made = member(folder, name, "client", {{kAttributesId, "DER:" + to_hex(*json)}});
  if (!made) return unexpected(made.error());
  auto identity = std::make_shared<const SigningIdentity>(std::move(*made));
  const MutexLock lock(of_keys_->mutex);
  of_keys_->given[name] = {attributes, identity};
  return identity;
}

}  // namespace ccbus::security
