#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/security/crypto/digest.h"
#include "service/security/msp/certificate.h"

namespace ccbus::security {

// Somebody who has a certificate of an organisation: what an Msp made of it.
//
// Thread: immutable; any. It belongs to the configuration of the Msp that made it: a newer one may
// judge the certificate differently.
class Identity {
 public:
  // `certifiers` are the certificates above its own that attest its units, the nearest first; none
  // if it has no chain.
  Identity(std::string msp_id, CertificatePointer certificate,
           const std::vector<const Certificate*>& certifiers);

  [[nodiscard]] const std::string& msp_id() const { return msp_id_; }

  // SHA-256 of the certificate with the lower S, as hexadecimal digits. Two encodings of one
  // certificate have the same id.
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const Certificate& certificate() const { return *certificate_; }

  // SHA-256 of the DER of the chain's certificates above its own, the nearest first. Only if there
  // is a chain.
  [[nodiscard]] const Sha256Digest& certifiers_id() const { return certifiers_id_; }

  // In the subject's order. Empty if the certificate has no chain.
  [[nodiscard]] const std::vector<std::string>& organizational_units() const {
    return organizational_units_;
  }

  // Not part of the validity: whoever lets somebody in asks for it, and a block's validation never.
  [[nodiscard]] std::chrono::sys_seconds expires_at() const { return certificate_->not_after; }

  // Whether it is valid under the rules of its MSP; the error says why it is not.
  [[nodiscard]] const Result<void>& validity() const { return validity_; }
  void set_validity(Result<void> validity) { validity_ = std::move(validity); }

  // Checks a signature: ECDSA over SHA-256 with a low S, on P-384 too, as Fabric's; Ed25519 over
  // the bytes themselves. Says nothing of the identity's own validity.
  //
  // Errors: kInvalid with Fabric's reason.
  [[nodiscard]] Result<void> verify(std::string_view bytes, std::string_view signature) const;

  // The same for who has the SHA-256 of the bytes already.
  [[nodiscard]] Result<void> verify(std::string_view bytes, const Sha256Digest& digest,
                                    std::string_view signature) const;

 private:
  Result<void> verify_ecdsa(const Sha256Digest& digest, std::string_view signature) const;
  Result<void> verify_ed25519(std::string_view bytes, std::string_view signature) const;

  std::string msp_id_;
  std::string id_;
  CertificatePointer certificate_;
  std::vector<std::string> organizational_units_;
  Sha256Digest certifiers_id_{};
  Result<void> validity_;
  KeyContextHandle verifier_;  // Prepared once, copied for each signature. Null unless ECDSA.
};

using IdentityPointer = std::shared_ptr<const Identity>;

}  // namespace ccbus::security
