#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "fabric/msp/msp_config.pb.h"
#include "service/base/mutex.h"
#include "service/base/result.h"
#include "service/security/dev/certificate_authority.h"
#include "service/security/signing/signing_identity.h"

namespace ccbus::security {

// The development identities of one organisation: a certificate authority, a peer, a client
// and an administrator under it, and a member for each named key. They satisfy the rules of an MSP,
// which a certificate that signed itself does not.
//
// Thread: any, once it is opened; the identities that it has given, too.
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

  // The client that stands for the key of this name: its common name is the key's name, and its
  // certificate has the attributes that a Fabric CA gives (1.2.3.4.5.6.7.8.1: hf.EnrollmentID,
  // hf.Type, hf.Affiliation) and these besides. It is made at its first use, and stays the same
  // until a call asks for other attributes: then another certificate takes its place. A key that is
  // revoked and allowed again, or replaced under its name, has the identity that it had.
  //
  // Blocks: on the disk, at the first use since the start or with other attributes.
  // Errors: kInvalid  the name is empty, longer than 64 bytes, or no text; kIo.
  [[nodiscard]] Result<std::shared_ptr<const SigningIdentity>> for_key(
      const std::string& name, const Attributes& attributes = {}) const;

  // The same if for_key() has given it since the start, else null. Blocks: never.
  [[nodiscard]] std::shared_ptr<const SigningIdentity> known_for_key(
      const std::string& name, const Attributes& attributes) const;

  // The certificate of its authority, in PEM, as msp_config() has it.
  [[nodiscard]] const std::string& root_certificate() const {
    return authority_.own().certificate_pem;
  }

 private:
  DevIdentities(std::string msp_id, std::optional<std::filesystem::path> directory,
                CertificateAuthority authority);

  // Those that stand for keys, as they were given last; one for each name that was used.
  struct OfKeys {
    struct Given {
      Attributes attributes;
      std::shared_ptr<const SigningIdentity> identity;
    };
    Mutex making;  // Held on the disk, so that a folder has one writer.
    Mutex mutex;
    std::map<std::string, Given> given CCBUS_GUARDED_BY(mutex);
  };

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
  std::unique_ptr<OfKeys> of_keys_ = std::make_unique<OfKeys>();
};

}  // namespace ccbus::security
