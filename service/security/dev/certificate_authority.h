#pragma once

#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/security/crypto/issue.h"

namespace ccbus::security {

// A certificate and its key, in PEM.
struct IssuedIdentity {
  std::string certificate_pem;
  std::string key_pem;  // PKCS#8; a secret.
};

// A certificate authority for development. Its certificates have the fields and extensions of
// Fabric's cryptogen, with keys of P-256, and are valid for ten years.
//
// Thread: immutable; any.
class CertificateAuthority {
 public:
  // Makes a new root. Errors: kIo if OpenSSL fails.
  [[nodiscard]] static Result<CertificateAuthority> create(const std::string& organization,
                                                           const std::string& common_name);

  // Takes one that was written before. Errors: kInvalid  it is no certificate, or not of this key.
  [[nodiscard]] static Result<CertificateAuthority> restore(const IssuedIdentity& written);

  // The organisation that its certificate names; empty if it names none.
  [[nodiscard]] std::string organization() const;

  // Its own certificate and key.
  [[nodiscard]] const IssuedIdentity& own() const { return own_; }

  // A member of the organisation with the role of this unit. Errors: kInvalid  an extension; kIo.
  [[nodiscard]] Result<IssuedIdentity> issue_member(
      const std::string& common_name, const std::string& unit,
      const std::vector<CertificateContent::Extension>& extensions = {}) const;

  // A server and client of TLS with these names: host names and addresses. Errors: as above.
  [[nodiscard]] Result<IssuedIdentity> issue_tls(const std::string& common_name,
                                                 const std::vector<std::string>& names) const;

 private:
  CertificateAuthority(CertificateHandle certificate, KeyHandle key, IssuedIdentity own);
  [[nodiscard]] Result<IssuedIdentity> issue(const CertificateContent& content) const;

  CertificateHandle certificate_;
  KeyHandle key_;
  IssuedIdentity own_;
};

}  // namespace ccbus::security
