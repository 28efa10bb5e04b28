#include "service/security/dev/crypto_tree.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "service/base/durable_files.h"
#include "service/security/dev/certificate_authority.h"

namespace ccbus::security {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameBytesMax = 40;
constexpr char kPartialSuffix[] = ".partial";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view name) {
  const auto belongs = [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= kNameBytesMax && is_letter(name.front()) &&
         name.back() != '-' && std::all_of(name.begin(), name.end(), belongs);
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string certificate_file(const std::string& name) {
  return name + "-cert.pem";
}

// How an MSP tells its members' roles; as cryptogen writes it.
std::string roles_yaml(const std::string& ca) {
  const std::pair<const char*, const char*> roles[] = {
      {"Client", "client"}, {"Peer", "peer"}, {"Admin", "admin"}, {"Orderer", "orderer"}};
  std::string text = "NodeOUs:\n  Enable: true\n";
  for (const auto& [key, unit] : roles) {
    text += std::string("  ") + key + "OUIdentifier:\n    Certificate: cacerts/" +
            certificate_file(ca) + "\n    OrganizationalUnitIdentifier: " + unit + "\n";
  }
  return text;
}

struct File {
  fs::path path;
  std::string content;
};

// Writes one organisation.
class OrganizationWriter {
 public:
  OrganizationWriter(DevOrganization organization, fs::path directory,
                     std::vector<std::string> more_hosts)
      : organization_(std::move(organization)),
        directory_(std::move(directory)),
        more_hosts_(std::move(more_hosts)) {}

  [[nodiscard]] Result<void> write() {
    auto ca = CertificateAuthority::create(organization_.domain, ca_name());
    if (!ca) return unexpected(ca.error());
    auto tls_ca = CertificateAuthority::create(organization_.domain, tls_ca_name());
    if (!tls_ca) return unexpected(tls_ca.error());
    Result<void> done = write_authority("ca", ca_name(), *ca);
    if (done) done = write_authority("tlsca", tls_ca_name(), *tls_ca);
    if (done) done = write_verifying_msp("msp", *ca, *tls_ca);
    if (done) done = write_peer(*ca, *tls_ca);
    for (const std::string& user : organization_.users) {
      const std::string unit = user.starts_with("Admin@") ? "admin" : "client";
      if (done) done = write_node({"users/" + user, user, unit, "client", {}}, *ca, *tls_ca);
    }
    return done;
  }

 private:
  struct Node {
    std::string folder;
    std::string name;
    std::string unit;
    std::string tls_file;  // "server" or "client".
    std::vector<std::string> hosts;
  };

  [[nodiscard]] std::string ca_name() const { return "ca." + organization_.domain; }
  [[nodiscard]] std::string tls_ca_name() const { return "tlsca." + organization_.domain; }

  Result<void> put(const std::vector<File>& files) const {
    for (const File& file : files) {
      const fs::path path = directory_ / file.path;
      if (auto made = make_directories(path.parent_path()); !made) return made;
      if (auto written = write_durably(path, file.content); !written) return written;
    }
    return {};
  }

  Result<void> write_authority(const fs::path& folder, const std::string& name,
                               const CertificateAuthority& authority) const {
    return put({{folder / certificate_file(name), authority.own().certificate_pem},
                {folder / "priv_sk", authority.own().key_pem}});
  }

  Result<void> write_verifying_msp(const fs::path& folder, const CertificateAuthority& ca,
                                   const CertificateAuthority& tls_ca) const {
    if (auto made = make_directories(directory_ / folder / "admincerts"); !made) return made;
    return put(
        {{folder / "cacerts" / certificate_file(ca_name()), ca.own().certificate_pem},
         {folder / "tlscacerts" / certificate_file(tls_ca_name()), tls_ca.own().certificate_pem},
         {folder / "config.yaml", roles_yaml(ca_name())}});
  }

  Result<void> write_peer(const CertificateAuthority& ca,
                          const CertificateAuthority& tls_ca) const {
    const std::string& name = organization_.peer;
    std::vector<std::string> hosts = {name, name.substr(0, name.find('.')), "localhost",
                                      "127.0.0.1", "::1"};
    hosts.insert(hosts.end(), more_hosts_.begin(), more_hosts_.end());
    return write_node({"peers/" + name, name, "peer", "server", std::move(hosts)}, ca, tls_ca);
  }

  Result<void> write_node(const Node& node, const CertificateAuthority& ca,
                          const CertificateAuthority& tls_ca) const {
    const auto member = ca.issue_member(node.name, node.unit);
    if (!member) return unexpected(member.error());
    const auto tls = tls_ca.issue_tls(node.name, node.hosts);
    if (!tls) return unexpected(tls.error());
    const fs::path folder = node.folder;
    if (auto done = write_verifying_msp(folder / "msp", ca, tls_ca); !done) return done;
    return put(
        {{folder / "msp" / "signcerts" / certificate_file(node.name), member->certificate_pem},
         {folder / "msp" / "keystore" / "priv_sk", member->key_pem},
         {folder / "tls" / "ca.crt", tls_ca.own().certificate_pem},
         {folder / "tls" / (node.tls_file + ".crt"), tls->certificate_pem},
         {folder / "tls" / (node.tls_file + ".key"), tls->key_pem}});
  }

  const DevOrganization organization_;
  const fs::path directory_;
  const std::vector<std::string> more_hosts_;
};

Result<std::vector<DevOrganization>> read_names(const std::vector<std::string>& names) {
  std::vector<DevOrganization> organizations;
  std::set<std::string> domains;
  for (const std::string& name : names) {
    auto organization = DevOrganization::named(name);
    if (!organization) return unexpected(organization.error());
    if (!domains.insert(organization->domain).second) {
      return fail(ErrorCode::kInvalid,
                  "two organisations would have the domain " + organization->domain);
    }
    organizations.push_back(std::move(*organization));
  }
  if (organizations.empty()) return fail(ErrorCode::kInvalid, "there is no organisation to make");
  return organizations;
}

Result<void> check_hosts(const std::vector<std::string>& hosts) {
  for (const std::string& host : hosts) {
    const auto belongs = [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '-' || c == '.' || c == ':' || c == '_' || c == '*';
    };
    if (!host.empty() && std::all_of(host.begin(), host.end(), belongs)) continue;
    return fail(ErrorCode::kInvalid, "'" + host + "' is neither a host name nor an address");
  }
  return {};
}

Result<void> write_completely(const DevOrganization& organization, const fs::path& directory,
                              const std::vector<std::string>& more_hosts) {
  fs::path partial = directory;
  partial += kPartialSuffix;
  std::error_code error;
  fs::remove_all(partial, error);  // Of a run that was interrupted.
  if (error) {
    return fail(ErrorCode::kIo, "cannot remove " + partial.string() + ": " + error.message());
  }
  OrganizationWriter writer(organization, partial, more_hosts);
  if (auto written = writer.write(); !written) return written;
  return rename_durably(partial, directory);
}

}  // namespace

Result<DevOrganization> DevOrganization::named(const std::string& name) {
  if (!is_name(name)) {
    return fail(ErrorCode::kInvalid,
                "'" + name +
                    "' cannot be the name of an organisation: it is a letter followed by letters, "
                    "digits and hyphens, at most " +
                    std::to_string(kNameBytesMax) + " characters");
  }
  const std::string domain = lower_case(name) + ".example.com";
  return DevOrganization{
      name + "MSP", domain, "peer0." + domain, {"User1@" + domain, "Admin@" + domain}};
}

Result<std::vector<WrittenOrganization>> write_crypto_tree(const CryptoTreeOptions& options) {
  auto organizations = read_names(options.names);
  if (!organizations) return unexpected(organizations.error());
  if (auto hosts = check_hosts(options.more_hosts); !hosts) return unexpected(hosts.error());
  const fs::path parent = options.directory / "organizations" / "peerOrganizations";
  std::vector<WrittenOrganization> written;
  for (DevOrganization& organization : *organizations) {
    fs::path directory = parent / organization.domain;
    std::error_code error;
    if (fs::exists(directory, error) || error) {
      return fail(ErrorCode::kExists,
                  directory.string() +
                      (error ? ": " + error.message() : " exists already, and is not overwritten"));
    }
    written.push_back({std::move(organization), std::move(directory)});
  }
  for (const WrittenOrganization& one : written) {
    if (auto done = write_completely(one.organization, one.directory, options.more_hosts); !done) {
      return unexpected(done.error());
    }
  }
  return written;
}

}  // namespace ccbus::security
