#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/msp/msp_config.pb.h"
#include "service/security/crypto/issue.h"

namespace ccbus::test {

// What a certificate of a test says. As it stands: a member of nobody's unit, valid for 2026.
struct CertificateShape {
  std::string common_name;
  std::vector<std::string> units = {};
  bool is_ca = false;
  bool has_key_id = true;
  std::string key = "P-256";  // Or "P-384", "P-521", "ED25519", "RSA".
  std::chrono::sys_seconds not_before = std::chrono::sys_days{std::chrono::January / 1 / 2026};
  std::chrono::sys_seconds not_after = std::chrono::sys_days{std::chrono::January / 1 / 2027};
  std::vector<security::CertificateContent::Extension> extensions = {};
};

// A certificate and its key.
class Credential {
 public:
  Credential(security::CertificateHandle certificate, std::shared_ptr<EVP_PKEY> key);

  [[nodiscard]] const std::string& pem() const { return pem_; }
  [[nodiscard]] std::string der() const;
  [[nodiscard]] std::string key_pem() const;
  [[nodiscard]] X509* certificate() const { return certificate_.get(); }
  [[nodiscard]] const std::shared_ptr<EVP_PKEY>& key() const { return key_; }

  // An encoded msp.SerializedIdentity.
  [[nodiscard]] std::string serialized(const std::string& msp_id) const;

  // ECDSA over SHA-256 with a low S; Ed25519 over the bytes.
  [[nodiscard]] std::string sign(std::string_view bytes) const;
  // The same with the high S. Only of an ECDSA key.
  [[nodiscard]] std::string sign_high_s(std::string_view bytes) const;

  // This certificate, whose issuer's signature has the high S. The issuer's key is ECDSA.
  [[nodiscard]] std::string pem_with_high_s(const Credential& issuer) const;

 private:
  std::shared_ptr<X509> certificate_;
  std::shared_ptr<EVP_PKEY> key_;
  std::string pem_;
};

// Throws std::runtime_error if OpenSSL fails, as all of these do.
[[nodiscard]] Credential self_signed(const CertificateShape& shape);
[[nodiscard]] Credential issued_by(const Credential& issuer, const CertificateShape& shape);
// Another certificate for a key that has one.
[[nodiscard]] Credential issued_by(const Credential& issuer, const CertificateShape& shape,
                                   const std::shared_ptr<EVP_PKEY>& key);

[[nodiscard]] CertificateShape ca_shape(const std::string& name);

enum class KeyIdentifier { kPresent, kAbsent };

// A revocation list of an authority, in PEM, that is out of date for long.
[[nodiscard]] std::string revocation_list(const Credential& issuer,
                                          const std::vector<const Credential*>& revoked,
                                          KeyIdentifier identifier = KeyIdentifier::kPresent);

// The configuration of an organisation with these roots.
[[nodiscard]] msp::FabricMSPConfig msp_config(const std::string& id,
                                              const std::vector<const Credential*>& roots,
                                              const std::vector<const Credential*>& admins);

// Turns NodeOUs on: client, peer, admin and orderer by the units of these names, any CA's.
void enable_roles(msp::FabricMSPConfig& config);

}  // namespace ccbus::test
