#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "fabric/msp/msp_config.pb.h"
#include "service/base/result.h"
#include "service/security/dev/certificate_authority.h"
#include "service/security/signing/signing_identity.h"

namespace ccbus::security {

// The development identities of one organisation: a certificate authority, a peer, a client
// and an administrator under it, and a member for each named key. They satisfy the rules of an MSP,
// which a certificate that signed itself does not.
//
// Thread: one at a time; the identities that it has given may be used by any.
class DevIdentities {
 public:
  using Attributes = std::map<std::string, std::string>;

  // Reads them from a directory, or makes them at the first start: ca/, peer/, client/, admin/ and
  // keys/, each member as the folder of a local MSP, readable by their owner only. What an
  // interrupted start left unfinished is made again.
  //
  // Blocks: on the disk; call it before the bus runs. Errors: kIo; kCorrupt, kPrecondition (made
  //         for another MSP id), naming the file and what to do.
  [[nodiscard]] static Result<DevIdentities> open(const std::filesystem::path& directory,
                                                  const std::string& msp_id);

  // The same, in memory only.
  [[nodiscard]] static Result<DevIdentities> make(const std::string& msp_id);

  // The organisation, for a channel's configuration: its root, and the units client, peer, admin
  // and orderer as roles.
  [[nodiscard]] msp::FabricMSPConfig msp_config() const;

  [[nodiscard]] const SigningIdentity& peer() const { return *peer_; }
  [[nodiscard]] const SigningIdentity& client() const { return *client_; }
  [[nodiscard]] const SigningIdentity& admin() const { return *admin_; }

  // The client that stands for a key: its common name is the key's name, and its certificate has
  // the attributes that a Fabric CA gives (1.2.3.4.5.6.7.8.1: hf.EnrollmentID, hf.Type,
  // hf.Affiliation) and these besides. Made at its first use, with the attributes of that time;
  // remove its folder in keys/ to have it made again.
  //
  // Blocks: on the disk. Errors: kInvalid  the name is empty, longer than 64 bytes, or no text;
  // kIo.
  [[nodiscard]] Result<SigningIdentity> for_key(const std::string& name,
                                                const Attributes& attributes = {}) const;

 private:
  DevIdentities(std::string msp_id, std::optional<std::filesystem::path> directory,
                CertificateAuthority authority);

  [[nodiscard]] Result<SigningIdentity> member(
      const std::filesystem::path& folder, const std::string& common_name, const std::string& unit,
      const std::vector<CertificateContent::Extension>& extensions) const;
  [[nodiscard]] Result<void> make_members();

  std::string msp_id_;
  std::optional<std::filesystem::path> directory_;  // Absent: in memory only.
  CertificateAuthority authority_;
  std::optional<SigningIdentity> peer_;  // Set once made or read.
  std::optional<SigningIdentity> client_;
  std::optional<SigningIdentity> admin_;
};

}  // namespace ccbus::security
